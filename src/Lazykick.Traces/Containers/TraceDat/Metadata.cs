using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>
/// The parts in front of the events that trace.dat 6, 7 and the tracing data of perf.data share: page header, event
/// formats, symbols, command names. Each method stops at damage and notes where.
/// </summary>
internal sealed class Metadata(TraceContents contents, DamageLog damage)
{
    /// <summary>Bytes of a sub-buffer as header_page says it; 0 before it was read.</summary>
    public int PageSize { get; private set; }

    /// <summary>"header_page", "header_event", each with a u64 length and the text.</summary>
    public void ReadHeaderInfo(SectionCursor at)
    {
        var name = at.ReadText(16);
        var page = at.ReadBytes(at.ReadUInt64());
        if (at.IsBroken || name != "header_page")
        {
            Note(at, "the page header of the ring buffer");
            return;
        }

        PageSize = PageHeader.Parse(page, at.Source.Name).PageSize;
        name = at.ReadText(16);
        at.Skip(at.ReadUInt64());
        if (at.IsBroken || name != "header_event")
            Note(at, "the event header of the ring buffer");
    }

    /// <summary>A u32 count, then formats with a u64 length each.</summary>
    public void ReadFtraceFormats(SectionCursor at) => ReadFormats(at, "ftrace");

    /// <summary>A u32 count of subsystems, then the name of each and its formats.</summary>
    public void ReadEventFormats(SectionCursor at)
    {
        var systems = at.ReadUInt32();
        for (uint i = 0; i < systems && !at.IsBroken; i++)
            ReadFormats(at, at.ReadText(256));
    }

    /// <summary>A u32 length and the text of kallsyms, which is read when symbols are asked for.</summary>
    public void ReadSymbols(SectionCursor at)
    {
        var length = at.ReadUInt32();
        var offset = at.Position;
        at.Skip(length);
        if (at.IsBroken)
            Note(at, $"{length} bytes of kallsyms");
        if (length > 0)
            contents.ReadSymbols = () => SymbolTable.Parse(at.Source.ReadBytes(offset, length));
    }

    /// <summary>A u32 length and the text of printk_formats.</summary>
    public void ReadTexts(SectionCursor at)
    {
        var length = at.ReadUInt32();
        contents.Texts.Add(at.ReadBytes(length));
        if (at.IsBroken)
            Note(at, $"{length} bytes of text constants");
    }

    /// <summary>A u64 length and the text of saved_cmdlines.</summary>
    public void ReadCommandLines(SectionCursor at)
    {
        var length = at.ReadUInt64();
        contents.Tasks.AddCommandLines(at.ReadBytes(length));
        if (at.IsBroken)
            Note(at, $"{length} bytes of command names");
    }

    public void SetIdentity(byte[] uname) =>
        (contents.KernelRelease, contents.Machine) = KernelIdentity.Parse(Encoding.UTF8.GetString(uname));

    public void Note(SectionCursor at, string expected) =>
        damage.Add(at.Source.Name, at.Position, "expected " + expected);

    private void ReadFormats(SectionCursor at, string system)
    {
        var count = at.ReadUInt32();
        for (uint i = 0; i < count && !at.IsBroken; i++)
            contents.Catalog.Add(system, at.ReadBytes(at.ReadUInt64()));
        if (at.IsBroken)
            Note(at, $"{count} event formats of {system}");
    }
}
