using Lazykick.Auditing.Layout;

namespace Lazykick.Auditing.Tables;

/// <summary>What modules can reach by name (__ksymtab): an image that names no data names it here.</summary>
internal sealed class ExportTable
{
    private const int RowSize = 12;
    private const int MaxName = 256;

    private static readonly (string Section, string Start, string End)[] s_sections =
    [
        ("__ksymtab", "__start___ksymtab", "__stop___ksymtab"),
        ("__ksymtab_gpl", "__start___ksymtab_gpl", "__stop___ksymtab_gpl"),
    ];

    private ExportTable(IReadOnlyDictionary<ulong, string>? names, TableInfo info)
    {
        Names = names;
        Info = info;
    }

    /// <summary>Names by address; null where no table was found.</summary>
    public IReadOnlyDictionary<ulong, string>? Names { get; }

    /// <summary>How it was found.</summary>
    public TableInfo Info { get; }

    public static ExportTable Read(
        TableLocator locator,
        TableRows rows,
        AddressSpace space,
        KernelLayouts layouts,
        bool isModule
    )
    {
        if (layouts.Fits("kernel_symbol", RowSize) is { } wrong)
        {
            return new ExportTable(null, new TableInfo("__ksymtab", null, wrong));
        }

        var names = new Dictionary<ulong, string>();
        LocatedTable? table = null;
        foreach (var (section, start, end) in s_sections)
        {
            // Where it is found by its rows, the second table is the rest of the first.
            if (
                table is not { IsInferred: true }
                && locator.Locate(new TableShape(section, start, end, RowSize) { IsRow = rows.IsExport, Least = 1000 })
                    is { } found
            )
            {
                table = found;
                Read(found, space, names);
            }
        }

        return table is { } t
                ? new ExportTable(names, new TableInfo("__ksymtab", names.Count, t.How) { IsInferred = t.IsInferred })
            : isModule ? new ExportTable(names, new TableInfo("__ksymtab", 0, "the module exports nothing"))
            : new ExportTable(null, new TableInfo("__ksymtab", null, "not found"));
    }

    private static void Read(LocatedTable table, AddressSpace space, Dictionary<ulong, string> names)
    {
        for (long at = 0; at + RowSize <= table.Bytes.Length; at += RowSize)
        {
            var here = table.Address + (ulong)at;
            var text = space.At(TableRows.Relative(here + 4, table.Bytes.S32(at + 4)));
            var length = text[..Math.Min(text.Length, MaxName)].IndexOf((byte)0);
            names[TableRows.Relative(here, table.Bytes.S32(at))] =
                length > 0 ? System.Text.Encoding.ASCII.GetString(text[..length]) : "";
        }
    }
}
