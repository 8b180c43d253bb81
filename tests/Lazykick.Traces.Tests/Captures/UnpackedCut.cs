using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// A cut as a raw capture is: <c>raw/cpuN.raw</c>, <c>formats/</c> and what lies beside them. For tests that want the
/// parts of a capture; read here and not by the product, which they test.
/// </summary>
internal sealed class UnpackedCut
{
    private readonly byte[] _file;
    private int _at;

    private UnpackedCut(byte[] file) => _file = file;

    /// <summary>The files of a cut by their paths in a raw capture (man trace-cmd.dat.v6).</summary>
    public static Dictionary<string, byte[]> Files(string capture, string phase = "static_key") =>
        new UnpackedCut(Expand(CaptureCut.Of(capture, phase).File)).Unpack();

    /// <summary>A file that zstd compressed.</summary>
    public static byte[] Expand(string path)
    {
        using var source = new FileSource(path, File.OpenHandle(path));
        using var expanded = ZstdFile.Expand(source, new DamageLog());
        return expanded.ReadBytes(0, expanded.Length);
    }

    private Dictionary<string, byte[]> Unpack()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Take(18);
        Assert.Equal("header_page", Word());
        files["formats/header_page"] = Take(Long());
        Assert.Equal("header_event", Word());
        files["formats/header_event"] = Take(Long());
        AddFormats(files, "ftrace", Int());
        for (var systems = Int(); systems > 0; systems--)
        {
            var system = Word();
            AddFormats(files, system, Int());
        }

        files["kallsyms"] = Take(Int());
        files["printk_formats"] = Take(Int());
        files["saved_cmdlines"] = Take(Long());
        var cpus = Int();
        Assert.Equal("options  ", Word());
        for (var option = Short(); option != 0; option = Short())
        {
            var value = Take(Int());
            if (option == 4)
                files["trace_clock.txt"] = value[..^1];
            else if (option == 5)
                files["uname.txt"] = value[..^1];
        }

        Assert.Equal("flyrecord", Word());
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            var (offset, size) = (Long(), Long());
            var name = string.Create(CultureInfo.InvariantCulture, $"raw/cpu{cpu}.raw");
            files[name] = _file.AsSpan(offset, size).ToArray();
        }

        return files;
    }

    private void AddFormats(Dictionary<string, byte[]> files, string system, int count)
    {
        for (; count > 0; count--)
        {
            var format = Take(Long());
            var text = Encoding.UTF8.GetString(format);
            files[$"formats/{system}/{text["name: ".Length..text.IndexOf('\n', StringComparison.Ordinal)]}/format"] =
                format;
        }
    }

    private byte[] Take(int count)
    {
        _at += count;
        return _file.AsSpan(_at - count, count).ToArray();
    }

    private int Short() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    private int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    private int Long() => (int)BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private string Word()
    {
        var bytes = Take(_file.AsSpan(_at).IndexOf((byte)0));
        _at++;
        return Encoding.UTF8.GetString(bytes);
    }
}
