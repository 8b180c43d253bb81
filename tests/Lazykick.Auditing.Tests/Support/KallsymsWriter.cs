using System.Text;

namespace Lazykick.Auditing.Tests.Support;

/// <summary>Writes the tables of symbols that a kernel carries for itself.</summary>
internal static class KallsymsWriter
{
    /// <summary>What offsets count from.</summary>
    public const ulong Base = 0xffff800080000000;

    /// <summary>The tables as scripts/kallsyms.c lays them out; every token is one character.</summary>
    public static byte[] Write(List<(string Name, ulong Address)> symbols, string layout, ulong storedBase = Base)
    {
        var file = new MemoryStream();
        file.Write(new byte[64]);
        var isBefore = layout.Contains("before", StringComparison.Ordinal);
        var isAbsolute = layout.Contains("absolute", StringComparison.Ordinal);
        if (isBefore)
        {
            Offsets(file, symbols, isAbsolute, storedBase);
        }

        Align(file);
        file.Write(BitConverter.GetBytes(symbols.Count));
        Align(file);
        var names = new MemoryStream();
        var markers = new List<uint>();
        for (var i = 0; i < symbols.Count; i++)
        {
            if (i % 256 == 0)
            {
                markers.Add((uint)names.Length);
            }

            var text = Encoding.ASCII.GetBytes("T" + symbols[i].Name);
            if (text.Length < 128)
            {
                names.WriteByte((byte)text.Length);
            }
            else
            {
                names.WriteByte((byte)(text.Length & 0x7f | 0x80));
                names.WriteByte((byte)(text.Length >> 7));
            }

            names.Write(text);
        }

        file.Write(names.ToArray());
        Align(file);
        markers.ForEach(m => file.Write(BitConverter.GetBytes(m)));
        Align(file);
        if (isBefore)
        {
            file.Write(new byte[(symbols.Count * 3) + 8]);
            Align(file);
        }

        var offsets = new List<ushort>();
        var start = file.Position;
        for (var token = 0; token < 256; token++)
        {
            offsets.Add((ushort)(file.Position - start));
            file.Write(token == 0 ? "ct"u8 : [(byte)token]);
            file.WriteByte(0);
        }

        Align(file);
        offsets.ForEach(o => file.Write(BitConverter.GetBytes(o)));
        Align(file);
        if (layout.Contains("themselves", StringComparison.Ordinal))
        {
            foreach (var (_, address) in symbols)
            {
                file.Write(BitConverter.GetBytes((int)(address - (Base + 0x1000000 + (ulong)file.Position))));
            }
        }
        else if (!isBefore)
        {
            Offsets(file, symbols, isAbsolute, storedBase);
        }

        file.Write(new byte[256]);
        return file.ToArray();
    }

    private static void Offsets(
        MemoryStream file,
        List<(string Name, ulong Address)> symbols,
        bool isAbsolute,
        ulong storedBase
    )
    {
        Align(file);
        foreach (var (_, address) in symbols)
        {
            var offset = (int)(address - Base);
            file.Write(BitConverter.GetBytes(isAbsolute ? -1 - offset : offset));
        }

        Align(file);
        file.Write(BitConverter.GetBytes(storedBase));
    }

    private static void Align(MemoryStream file)
    {
        while (file.Position % 8 != 0)
        {
            file.WriteByte(0);
        }
    }
}
