using System.Text;

namespace Lazykick.Auditing.Tests.Support;

/// <summary>Writes an ELF file of sections and symbols.</summary>
internal sealed class ElfBuilder(ushort machine, ushort type = 2)
{
    private readonly List<(
        string Name,
        uint Type,
        ulong Flags,
        ulong Address,
        byte[] Bytes,
        int Link,
        int Info
    )> _sections = [("", 0, 0, 0, [], 0, 0)];
    private readonly List<(string Name, ulong Address, int Section)> _symbols = [];

    /// <summary>Adds a section; returns its number.</summary>
    public int Section(
        string name,
        ulong address,
        byte[] bytes,
        ulong flags = 2,
        uint type = 1,
        int link = 0,
        int info = 0
    )
    {
        _sections.Add((name, type, flags, address, bytes, link, info));
        return _sections.Count - 1;
    }

    /// <summary>Names an address (in a module: an offset in its section; section 0 is the kernel's).</summary>
    public ElfBuilder Symbol(string name, ulong address, int section = 1)
    {
        _symbols.Add((name, address, section));
        return this;
    }

    public byte[] Build()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var table = new MemoryStream();
        table.Write(new byte[24]);
        foreach (var (name, address, section) in _symbols)
        {
            table.Write(BitConverter.GetBytes((uint)strings.Length));
            table.Write([0x12, 0]);
            table.Write(BitConverter.GetBytes((ushort)section));
            table.Write(BitConverter.GetBytes(address));
            table.Write(new byte[8]);
            strings.Write(Encoding.ASCII.GetBytes(name + "\0"));
        }

        var sections = _sections.ToList();
        sections.Add((".symtab", 2, 0, 0, table.ToArray(), sections.Count + 1, 1));
        sections.Add((".strtab", 3, 0, 0, strings.ToArray(), 0, 0));
        var names = new MemoryStream();
        var offsets = sections
            .Append((".shstrtab", 3u, 0ul, 0ul, [], 0, 0))
            .Select(s =>
            {
                var at = (uint)names.Length;
                names.Write(Encoding.ASCII.GetBytes(s.Item1 + "\0"));
                return at;
            })
            .ToList();
        sections.Add((".shstrtab", 3, 0, 0, names.ToArray(), 0, 0));

        var file = new MemoryStream();
        file.Write(new byte[64]);
        var headers = new MemoryStream();
        for (var i = 0; i < sections.Count; i++)
        {
            var s = sections[i];
            file.Position = (file.Position + 15) / 16 * 16;
            headers.Write(BitConverter.GetBytes(offsets[i]));
            headers.Write(BitConverter.GetBytes(s.Type));
            headers.Write(BitConverter.GetBytes(s.Flags));
            headers.Write(BitConverter.GetBytes(s.Address));
            headers.Write(BitConverter.GetBytes(file.Position));
            headers.Write(BitConverter.GetBytes((ulong)s.Bytes.Length));
            headers.Write(BitConverter.GetBytes(s.Link));
            headers.Write(BitConverter.GetBytes(s.Info));
            headers.Write(BitConverter.GetBytes(16UL));
            headers.Write(BitConverter.GetBytes(s.Type == 2 ? 24UL : 0));
            file.Write(s.Bytes);
        }

        var start = file.Position = (file.Position + 15) / 16 * 16;
        file.Write(headers.ToArray());
        file.Position = 0;
        file.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]);
        file.Position = 16;
        file.Write(BitConverter.GetBytes(type));
        file.Write(BitConverter.GetBytes(machine));
        file.Position = 40;
        file.Write(BitConverter.GetBytes(start));
        file.Position = 58;
        file.Write(BitConverter.GetBytes((ushort)64));
        file.Write(BitConverter.GetBytes((ushort)sections.Count));
        file.Write(BitConverter.GetBytes((ushort)(sections.Count - 1)));
        return file.ToArray();
    }
}
