namespace Lazykick.Checking.Litmus.Reading;

/// <summary>Reads the table of code: columns between bars, rows up to semicolons.</summary>
internal static class LitmusCodeReader
{
    private const int MaxRows = 200;
    private static readonly string[] _terminators =
    [
        "exists",
        "forall",
        "~",
        "not",
        "locations",
        "filter",
        "observed",
        "final",
    ];

    internal static IReadOnlyList<LitmusColumn> Read(LitmusScanner scanner)
    {
        scanner.SkipBlank();
        var names = new List<(int Cpu, bool IsHandler, LitmusPosition Position)>();
        foreach (var (text, position) in ReadRow(scanner))
            names.Add(ReadName(text, position, names));
        var lines = names.Select(_ => new List<LitmusLine>()).ToArray();
        for (var rows = 0; !AtTerminator(scanner); rows++)
        {
            if (rows == MaxRows)
                throw scanner.Error($"more than {MaxRows} rows of code");
            var start = scanner.Position;
            var cells = ReadRow(scanner);
            if (cells.Count > names.Count)
            {
                throw new LitmusException(
                    cells[names.Count].Position,
                    $"this row has {cells.Count} columns, but {names.Count} threads are named"
                );
            }

            if (cells.Count == 0)
                throw new LitmusException(start, "an empty row");
            for (var column = 0; column < cells.Count; column++)
                lines[column].Add(ReadCell(cells[column].Text, cells[column].Position));
        }

        return [.. names.Select((n, i) => new LitmusColumn(n.Cpu, n.IsHandler, lines[i], n.Position))];
    }

    private static bool AtTerminator(LitmusScanner scanner)
    {
        scanner.SkipBlank();
        if (scanner.AtEnd)
            return true;
        var start = scanner.Offset;
        foreach (var word in _terminators)
        {
            if (scanner.TryTake(word))
            {
                scanner.Offset = start;
                return true;
            }
        }

        return false;
    }

    private static List<(string Text, LitmusPosition Position)> ReadRow(LitmusScanner scanner)
    {
        var cells = new List<(string, LitmusPosition)>();
        var rowStart = scanner.Position;
        while (true)
        {
            while (!scanner.AtEnd && scanner.Current != '\n' && char.IsWhiteSpace(scanner.Current))
                scanner.Offset++;
            var start = scanner.Offset;
            while (!scanner.AtEnd && scanner.Current is not ('|' or ';'))
                scanner.Offset++;
            if (scanner.AtEnd)
                throw new LitmusException(rowStart, "this row is not closed by ';'");
            cells.Add((scanner.Slice(start, scanner.Offset).TrimEnd(), scanner.PositionAt(start)));
            if (scanner.Current == ';')
            {
                scanner.Offset++;
                return cells;
            }

            scanner.Offset++;
        }
    }

    private static (int Cpu, bool IsHandler, LitmusPosition Position) ReadName(
        string text,
        LitmusPosition position,
        List<(int Cpu, bool IsHandler, LitmusPosition Position)> before
    )
    {
        var handler = text.EndsWith(".F", StringComparison.Ordinal);
        var name = handler ? text[..^2] : text;
        if (!LitmusInitialReader.TryThread(name, out var cpu) && !int.TryParse(name.TrimEnd(':'), out cpu))
        {
            throw new LitmusException(
                position,
                $"'{text}' is no thread; columns are named P0, P1, ... and handlers P0.F"
            );
        }

        if (before.Exists(b => b.Cpu == cpu && b.IsHandler == handler))
            throw new LitmusException(position, $"'{text}' is named twice");
        var expected = before.Count(b => !b.IsHandler);
        if (!handler && cpu != expected)
            throw new LitmusException(position, $"expected thread P{expected} but found '{text}'");
        if (handler && !before.Exists(b => b.Cpu == cpu && !b.IsHandler))
            throw new LitmusException(position, $"the handler '{text}' comes before its thread");
        return (cpu, handler, position);
    }

    private static LitmusLine ReadCell(string text, LitmusPosition position)
    {
        var labels = new List<(string, LitmusPosition)>();
        var offset = 0;
        while (true)
        {
            while (offset < text.Length && char.IsWhiteSpace(text[offset]))
                offset++;
            var end = offset;
            while (end < text.Length && (LitmusScanner.IsName(text[end]) || text[end] == '.'))
                end++;
            var colon = end;
            while (colon < text.Length && text[colon] == ' ')
                colon++;
            if (end == offset || colon >= text.Length || text[colon] != ':')
                break;
            labels.Add((text[offset..end], Shift(position, text, offset)));
            offset = colon + 1;
        }

        return new(labels, text[offset..].Trim(), Shift(position, text, offset));
    }

    private static LitmusPosition Shift(LitmusPosition position, string text, int offset)
    {
        var newline = text.LastIndexOf('\n', Math.Max(offset - 1, 0));
        return newline < 0 || newline >= offset
            ? position with
            {
                Column = position.Column + offset,
            }
            : new(position.Line + text.AsSpan(0, offset).Count('\n'), offset - newline);
    }
}
