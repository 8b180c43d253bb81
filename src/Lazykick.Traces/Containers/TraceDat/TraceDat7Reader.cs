using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>
/// Version 7: sections anywhere in the file, found through a chain of option sections. Options that are not known are
/// passed over by their length.
/// </summary>
internal sealed class TraceDat7Reader(ByteSource source, TraceContents contents, DamageLog damage, uint pageSize)
{
    private const ushort OptionsSection = 0;
    private const ushort CompressedFlag = 1;
    private const int SectionHeaderBytes = 16;

    // trace-cmd writes two option sections; a longer chain than this goes in circles.
    private const int MostOptionSections = 1024;
    private const int MostBuffers = 1024;

    // Only the list says which bytes are which CPU's events.
    private const string WhatToDo =
        "Without the whole list no event can be read, not even those that are there: copy the file again from where it "
        + "was recorded. Where trace-cmd did not end its recording, trace-cmd restore makes a file of its "
        + "trace.dat.cpu* files";

    private readonly Metadata _metadata = new(contents, damage);
    private readonly List<byte[]> _buffers = [];
    private readonly Dictionary<TraceOption, long> _sections = [];
    private bool _isCut;
    private Compression _compression = Compression.Find("none", source.Name);

    /// <exception cref="TraceException">A compression that is not read, or a 32-bit kernel.</exception>
    public void Read(SectionCursor at)
    {
        _compression = Compression.Find(at.ReadText(64), source.Name);
        _ = at.ReadText(64); // version of the compressor
        var firstPlace = at.Position;
        var options = new TraceOptions(contents, _metadata);
        var next = at.ReadUInt64();
        if (at.IsBroken)
        {
            throw new TraceException(
                source.Name,
                firstPlace,
                "the place of the options of a trace.dat 7",
                "the end of the file"
            );
        }

        for (var i = 0; next != 0 && i < MostOptionSections; i++)
        {
            if (next >= (ulong)source.Length)
            {
                // A recording that was cut off in a copy or by a full disk: what tells where things lie comes last.
                damage.Add(
                    source.Name,
                    source.Length,
                    $"the file ends here, and its list of contents is at byte {next}: it is cut off (or that place is "
                        + $"wrong). {next - (ulong)source.Length:N0} bytes are missing, and some more. {WhatToDo}"
                );
                _isCut = true;
                break;
            }

            next = ReadOptions((long)next, options);
        }

        // Formats before events: the layout of a record and the page size come from them.
        ReadSection(TraceOption.HeaderInfo, _metadata.ReadHeaderInfo);
        ReadSection(TraceOption.FtraceFormats, _metadata.ReadFtraceFormats);
        ReadSection(TraceOption.EventFormats, _metadata.ReadEventFormats);
        // Command names, texts and symbols may be missing: trace-cmd restore leaves them out where nobody gives it any.
        if (_sections.ContainsKey(TraceOption.CommandLines))
            ReadSection(TraceOption.CommandLines, _metadata.ReadCommandLines);
        if (_sections.ContainsKey(TraceOption.Texts))
            ReadSection(TraceOption.Texts, _metadata.ReadTexts);
        if (_sections.TryGetValue(TraceOption.Symbols, out var symbols))
            contents.ReadSymbols = () => ReadSymbols(symbols);
        foreach (var buffer in _buffers)
            ReadBuffer(buffer, options);
        if (_buffers.Count == 0 && _sections.ContainsKey(TraceOption.BufferText))
            throw new TraceException($"{source.Name}: this trace.dat holds the text of a latency tracer, no events");
        options.Finish();
    }

    /// <summary>Reads one section of options.</summary>
    /// <returns>Where the next one lies, 0 = nowhere.</returns>
    private ulong ReadOptions(long offset, TraceOptions options)
    {
        if (OpenSection(offset, OptionsSection) is not { } at)
            return 0;
        while (true)
        {
            var option = (TraceOption)at.ReadUInt16();
            var length = at.ReadUInt32();
            if (option == TraceOption.Done && !at.IsBroken)
            {
                var next = at.ReadUInt64();
                if (!at.IsBroken)
                    return next;
            }

            var data = at.ReadBytes(length);
            if (at.IsBroken)
            {
                damage.Add(
                    source.Name,
                    offset,
                    "expected options up to the one that ends their section, found the end of the section"
                        + (at.End == source.Length ? $": the file is cut off. {WhatToDo}" : "")
                );
                return 0;
            }

            if (option == TraceOption.Buffer && _buffers.Count < MostBuffers)
                _buffers.Add(data);
            else if (option >= TraceOption.HeaderInfo && option <= TraceOption.BufferText && data.Length >= 8)
                _sections.TryAdd(option, BitConverter.ToInt64(data));
            else
                options.Take(option, data);
        }
    }

    private void ReadBuffer(byte[] data, TraceOptions options)
    {
        var at = new SectionCursor(new MemorySource(source.Name, data));
        var section = (long)at.ReadUInt64();
        var name = at.ReadText();
        var clock = TraceClock.Selected(at.ReadText());
        var size = (int)Math.Min(at.ReadUInt32(), int.MaxValue);
        var count = at.ReadUInt32();
        var extents = new List<CpuExtent>();
        var seen = new HashSet<int>();
        for (uint i = 0; i < count && !at.IsBroken; i++)
        {
            var extent = new CpuExtent(
                (int)Math.Min(at.ReadUInt32(), ushort.MaxValue),
                (long)at.ReadUInt64(),
                (long)at.ReadUInt64()
            );
            if (!at.IsBroken && seen.Add(extent.Cpu))
                extents.Add(extent);
        }

        if (at.IsBroken)
        {
            damage.Add(
                source.Name,
                section,
                $"expected places of the events of {count} CPUs in the option of buffer \"{name}\""
            );
        }

        var head = new SectionCursor(source, section, source.Length);
        _ = head.ReadUInt16();
        var isCompressed = (head.ReadUInt16() & CompressedFlag) != 0;
        if (isCompressed && _compression.CreateDecoder() is null)
        {
            damage.Add(
                source.Name,
                section,
                "expected uncompressed events as the head of the file says, found a compressed section"
            );
            return;
        }

        var streams = CpuExtent.ToStreams(
            extents,
            source,
            [size, _metadata.PageSize, (int)pageSize],
            isCompressed ? _compression : null,
            contents.Catalog.Layout(),
            damage
        );
        var cpus = extents.Count == 0 ? 0 : extents.Max(static extent => extent.Cpu) + 1;
        contents.Buffers.Add(
            new TraceBuffer(
                name,
                clock.Length > 0 ? clock : options.Clock ?? "",
                Math.Max(cpus, options.CpuCount ?? 0),
                streams
            )
        );
    }

    private void ReadSection(TraceOption option, Action<SectionCursor> read)
    {
        if (!_sections.TryGetValue(option, out var offset))
        {
            // One sentence says it where the list of contents is missing.
            if (!_isCut)
                damage.Add(source.Name, 0, $"expected option {(int)option} ({option}), found none");
        }
        else if (OpenSection(offset, (ushort)option) is { } at)
        {
            read(at);
        }
    }

    private SymbolTable ReadSymbols(long offset)
    {
        if (OpenSection(offset, (ushort)TraceOption.Symbols) is not { } at)
            return SymbolTable.Empty;
        return SymbolTable.Parse(at.ReadBytes(Math.Min(at.ReadUInt32(), (ulong)at.Left)));
    }

    /// <summary>
    /// A cursor over the content of a section, decompressed where it is compressed; null where there is no such
    /// section.
    /// </summary>
    private SectionCursor? OpenSection(long offset, ushort id)
    {
        var head = new SectionCursor(source, offset, source.Length);
        var found = head.ReadUInt16();
        var flags = head.ReadUInt16();
        _ = head.ReadUInt32(); // description
        var size = head.ReadUInt64();
        if (offset < 0 || head.IsBroken)
        {
            damage.Add(
                source.Name,
                source.Length,
                $"expected section {id} at byte {offset}, found the end of the file"
            );
            return null;
        }

        if (found != id)
        {
            damage.Add(source.Name, offset, $"expected section {id}, found {found}");
            return null;
        }

        if (size > (ulong)head.Left)
        {
            damage.Add(
                source.Name,
                source.Length,
                $"expected {size - (ulong)head.Left} more bytes of section {id}, found the end"
            );
        }

        if ((flags & CompressedFlag) == 0)
            return new SectionCursor(source, head.Position, head.Position + (long)Math.Min(size, (ulong)head.Left));
        var compressed = head.ReadUInt32();
        var content = head.ReadUInt32();
        using var decoder = _compression.CreateDecoder();
        if (decoder is null || head.IsBroken || !Compression.IsPlausibleSection(compressed, content))
        {
            damage.Add(
                source.Name,
                offset + SectionHeaderBytes,
                $"expected sizes of a compressed section, found {compressed} and {content}"
            );
            return null;
        }

        var piece = head.ReadBytes(compressed);
        var bytes = GC.AllocateUninitializedArray<byte>((int)content);
        if (head.IsBroken || !decoder.TryDecode(piece, bytes, out var written))
        {
            damage.Add(source.Name, head.Position, $"expected section {id} in {compressed} compressed bytes");
            return null;
        }

        return new SectionCursor(new MemorySource(source.Name, bytes.AsMemory(0, written)));
    }
}
