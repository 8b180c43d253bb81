using System.Text;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Export;

/// <summary>A test as a file in herd's format.</summary>
internal static class TestText
{
    /// <summary>Writes a test.</summary>
    /// <param name="program">The test.</param>
    /// <param name="isArm">AArch64, else x86_64.</param>
    /// <param name="name">Its name.</param>
    /// <param name="title">One line about it.</param>
    /// <param name="remarks">More lines, without marks of comments.</param>
    /// <param name="names">Names of the variables.</param>
    public static string Write(
        TestProgram program,
        bool isArm,
        string name,
        string title,
        IEnumerable<string> remarks,
        LocationNames names
    )
    {
        ThreadWriter writer = isArm ? new ArmTestWriter(program, names) : new X86TestWriter(program, names);
        writer.Run();
        var text = new StringBuilder();
        text.Append(isArm ? "AArch64 " : "X86_64 ").Append(name).Append('\n');
        text.Append('"').Append(Plain(title)).Append("\"\n");
        var lines = remarks.Select(Plain).ToList();
        if (lines.Count > 0)
            text.Append("(* ").AppendJoin("\n   ", lines).Append(" *)\n");
        if (program.Fetching >= 0)
            text.Append("Variant=ifetch\n");
        text.Append("{\n");
        foreach (var line in writer.Initial)
            text.Append(line).Append('\n');
        text.Append("}\n");
        Columns(writer.Columns, text);
        text.Append("exists (").AppendJoin(" /\\ ", writer.Outcome).Append(")\n");
        return text.ToString();
    }

    private static void Columns(IReadOnlyList<IReadOnlyList<string>> columns, StringBuilder text)
    {
        var widths = columns.Select((c, i) => c.Select(l => l.Length).Append($"P{i}".Length).Max()).ToList();
        var rows = columns.Max(c => c.Count);
        for (var row = -1; row < rows; row++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var cell =
                    row < 0 ? $"P{i}"
                    : row < columns[i].Count ? columns[i][row]
                    : "";
                text.Append(i == 0 ? " " : " | ").Append(cell.PadRight(widths[i]));
            }

            text.Append(" ;\n");
        }
    }

    /// <summary>
    /// Quotes and marks of comments would end a comment early, and herd7 takes a brace for the initial state even
    /// there.
    /// </summary>
    private static string Plain(string text) =>
        text.Replace('"', '\'')
            .Replace('{', '[')
            .Replace('}', ']')
            .Replace("(*", "( *", StringComparison.Ordinal)
            .Replace("*)", "* )", StringComparison.Ordinal);

    public static string Model(MemoryModel model) => model.ToString().ToLowerInvariant();
}
