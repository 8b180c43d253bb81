using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>
/// Writes trace.dat files from parts, straight from the specification (trace-cmd.dat.v6(5), v7(5)) and sharing nothing
/// with the reader: for forms that no installed tool writes.
/// </summary>
internal sealed class TraceDatWriter
{
    private readonly CaptureParts _parts;
    private readonly List<byte> _file = [];
    private int _pageSize = 4096;

    private TraceDatWriter(CaptureParts parts) => _parts = parts;

    /// <summary>Version 6, with options that no reader knows, and instances.</summary>
    public static byte[] Version6(CaptureParts parts, params (string Name, CaptureParts Parts)[] instances)
    {
        var writer = new TraceDatWriter(parts);
        writer.Head("6");
        writer.HeaderInfo();
        writer.FtraceFormats();
        writer.EventFormats();
        writer.U32(parts.Kallsyms.Length);
        writer.Bytes(parts.Kallsyms);
        writer.U32(3);
        writer.Bytes("%d\n"u8);
        writer.U64(parts.CommandLines.Length);
        writer.Bytes(parts.CommandLines);
        var cpus = Cpus(parts);
        writer.U32(cpus);

        writer.Bytes("options  \0"u8);
        writer.Option(77, [1, 2, 3, 4, 5]);
        writer.Option(4, []);
        writer.Option(5, "Linux host 6.12.1-test #1 SMP x86_64 GNU/Linux\0"u8);
        var places = new List<long>();
        foreach (var (name, _) in instances)
        {
            writer.U16(3);
            writer.U32(8 + name.Length + 1);
            places.Add(writer._file.Count);
            writer.U64(0);
            writer.Text(name);
        }

        writer.U16(0);
        writer.FlyRecord(parts, cpus, $"local [{parts.Clock}] global");
        for (var i = 0; i < instances.Length; i++)
        {
            writer.Patch64(places[i], writer._file.Count);
            writer.FlyRecord(instances[i].Parts, cpus, null);
        }

        return writer._file.ToArray();
    }

    /// <summary>Version 7: none, zlib or zstd; unknown options and a second options section; instances.</summary>
    public static byte[] Version7(
        CaptureParts parts,
        string compression,
        params (string Name, CaptureParts Parts)[] instances
    ) => Version7(parts, compression, 4096, instances);

    /// <summary>Version 7 whose buffer options say a page size, true or not.</summary>
    public static byte[] Version7(
        CaptureParts parts,
        string compression,
        int pageSize,
        params (string Name, CaptureParts Parts)[] instances
    )
    {
        var writer = new TraceDatWriter(parts) { _pageSize = pageSize };
        writer.Head("7");
        writer.Text(compression);
        writer.Text("1.0");
        var firstOptions = writer._file.Count;
        writer.U64(0);

        var sections = new List<(int Option, long Place)>
        {
            (16, writer.Section(16, compression, static inner => inner.HeaderInfo())),
            (17, writer.Section(17, compression, static inner => inner.FtraceFormats())),
            (18, writer.Section(18, compression, static inner => inner.EventFormats())),
            (
                19,
                writer.Section(
                    19,
                    compression,
                    static inner =>
                    {
                        inner.U32(inner._parts.Kallsyms.Length);
                        inner.Bytes(inner._parts.Kallsyms);
                    }
                )
            ),
            (
                21,
                writer.Section(
                    21,
                    compression,
                    static inner =>
                    {
                        inner.U64(inner._parts.CommandLines.Length);
                        inner.Bytes(inner._parts.CommandLines);
                    }
                )
            ),
        };
        var buffers = new List<byte[]> { writer.Buffer("", parts, compression) };
        foreach (var (name, of) in instances)
            buffers.Add(writer.Buffer(name, of, compression));

        writer.Patch64(firstOptions, writer._file.Count);
        writer.Section(
            0,
            "none",
            inner =>
            {
                inner.Option(4242, new byte[300]);
                foreach (var (option, place) in sections)
                    inner.Option(option, BitConverter.GetBytes(place));
                inner.U16(0);
                inner.U32(8);
                inner.U64(0);
            }
        );
        var next = writer._file.Count;
        writer.Patch64(next - 8, next);
        writer.Section(
            0,
            compression,
            inner =>
            {
                inner.Option(25, "modules"u8);
                inner.Option(5, "Linux host 6.12.1-test #1 SMP x86_64 GNU/Linux\0"u8);
                inner.Option(4, Encoding.UTF8.GetBytes($"local [{inner._parts.Clock}] global\0"));
                foreach (var buffer in buffers)
                    inner.Option(3, buffer);
                inner.Option(0, new byte[8]);
            }
        );
        return writer._file.ToArray();
    }

    private static int Cpus(CaptureParts parts) => parts.Pages.Keys.Max() + 1;

    private void Head(string version)
    {
        Bytes([0x17, 0x08, 0x44]);
        Bytes("tracing"u8);
        Text(version);
        Bytes([0, 8]);
        U32(4096);
    }

    private void HeaderInfo()
    {
        Text("header_page");
        U64(_parts.HeaderPage.Length);
        Bytes(_parts.HeaderPage);
        Text("header_event");
        U64(_parts.HeaderEvent.Length);
        Bytes(_parts.HeaderEvent);
    }

    private void FtraceFormats() => Formats(_parts.Formats["ftrace"]);

    private void EventFormats()
    {
        U32(_parts.Formats.Count - 1);
        foreach (var (system, formats) in _parts.Formats)
        {
            if (system == "ftrace")
                continue;
            Text(system);
            Formats(formats);
        }
    }

    private void Formats(List<byte[]> formats)
    {
        U32(formats.Count);
        foreach (var format in formats)
        {
            U64(format.Length);
            Bytes(format);
        }
    }

    private void FlyRecord(CaptureParts parts, int cpus, string? clock)
    {
        Bytes("flyrecord\0"u8);
        var table = _file.Count;
        Bytes(new byte[16 * cpus]);
        if (clock is not null)
        {
            U64(clock.Length);
            Bytes(Encoding.UTF8.GetBytes(clock));
        }

        foreach (var (cpu, pages) in parts.Pages)
        {
            Align();
            Patch64(table + (16 * cpu), _file.Count);
            Patch64(table + (16 * cpu) + 8, pages.Length);
            Bytes(pages);
        }
    }

    /// <summary>Writes the events and gives the option that describes them.</summary>
    private byte[] Buffer(string name, CaptureParts parts, string compression)
    {
        var section = _file.Count;
        U16(3);
        U16(compression == "none" ? 0 : 1);
        U32(0);
        U64(0);
        var inner = new TraceDatWriter(parts);
        inner.U64(section);
        inner.Text(name);
        inner.Text(parts.Clock);
        inner.U32(_pageSize);
        inner.U32(parts.Pages.Count);
        foreach (var (cpu, pages) in parts.Pages)
        {
            Align();
            var start = _file.Count;
            if (compression == "none")
                Bytes(pages);
            else
                Pieces(pages, compression);
            inner.U32(cpu);
            inner.U64(start);
            inner.U64(_file.Count - start);
        }

        return inner._file.ToArray();
    }

    private void Pieces(byte[] pages, string compression)
    {
        const int pieceBytes = 10 * 4096;
        U32((pages.Length + pieceBytes - 1) / pieceBytes);
        foreach (var piece in pages.Chunk(pieceBytes))
        {
            var compressed = Compress(piece, compression);
            U32(compressed.Length);
            U32(piece.Length);
            Bytes(compressed);
        }
    }

    private long Section(int id, string compression, Action<TraceDatWriter> write)
    {
        var inner = new TraceDatWriter(_parts);
        write(inner);
        var content = inner._file.ToArray();
        var start = _file.Count;
        U16(id);
        U16(compression == "none" ? 0 : 1);
        U32(0);
        if (compression == "none")
        {
            U64(content.Length);
            Bytes(content);
            return start;
        }

        var compressed = Compress(content, compression);
        U64(compressed.Length + 8);
        U32(compressed.Length);
        U32(content.Length);
        Bytes(compressed);
        return start;
    }

    private static byte[] Compress(byte[] content, string compression)
    {
        using var target = new MemoryStream();
        if (compression == "zlib")
        {
            using (var stream = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
                stream.Write(content);
            return target.ToArray();
        }

        // A zstd frame of raw blocks: no compressor is at hand, and decoding proper is tested elsewhere.
        target.Write([0x28, 0xB5, 0x2F, 0xFD, 0xA0]);
        target.Write(BitConverter.GetBytes(content.Length));
        for (var at = 0; at < content.Length || at == 0; at += 128 << 10)
        {
            var size = Math.Min(128 << 10, content.Length - at);
            var isLast = at + size >= content.Length;
            target.Write(BitConverter.GetBytes((size << 3) | (isLast ? 1 : 0)).AsSpan(0, 3));
            target.Write(content.AsSpan(at, size));
            if (isLast)
                break;
        }

        return target.ToArray();
    }

    private void Option(int id, ReadOnlySpan<byte> data)
    {
        U16(id);
        U32(data.Length);
        Bytes(data);
    }

    private void Align() => Bytes(new byte[(4096 - (_file.Count % 4096)) % 4096]);

    private void Text(string text)
    {
        Bytes(Encoding.UTF8.GetBytes(text));
        Bytes([0]);
    }

    private void Bytes(ReadOnlySpan<byte> bytes) => _file.AddRange(bytes);

    private void U16(int value) => Bytes(BitConverter.GetBytes((ushort)value));

    private void U32(int value) => Bytes(BitConverter.GetBytes(value));

    private void U64(long value) => Bytes(BitConverter.GetBytes(value));

    private void Patch64(long place, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(CollectionsMarshal.AsSpan(_file)[(int)place..], value);
}
