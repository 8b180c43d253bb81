namespace Lazykick.Cli.Demo;

/// <summary>One reading of <c>/proc/interrupts</c> for one CPU: how often each source has interrupted it.</summary>
internal sealed class InterruptCounts
{
    /// <summary>Function call interrupts: how Linux delivers kicks, barriers of other threads among them.</summary>
    public const string FunctionCalls = "CAL";

    private readonly Dictionary<string, (long Count, string Name)> _sources;

    private InterruptCounts(Dictionary<string, (long Count, string Name)> sources) => _sources = sources;

    /// <summary>
    /// Whether the CPU's function call interrupts are counted at all: x86 has the row, other architectures name theirs
    /// otherwise.
    /// </summary>
    public bool HasFunctionCalls => _sources.ContainsKey(FunctionCalls);

    /// <summary>Reads the counts of one CPU.</summary>
    /// <exception cref="InvalidDataException">There is no column for the CPU.</exception>
    public static InterruptCounts Read(int cpu) => Parse(File.ReadLines("/proc/interrupts"), cpu);

    /// <summary>Parses the table: a header of CPU columns, then a row for each source.</summary>
    public static InterruptCounts Parse(IEnumerable<string> lines, int cpu)
    {
        using var rows = lines.GetEnumerator();
        var header = rows.MoveNext() ? rows.Current.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        var column = Array.IndexOf(header, $"CPU{cpu}");
        if (column < 0)
            throw new InvalidDataException($"/proc/interrupts has no column CPU{cpu}");
        Dictionary<string, (long, string)> sources = new(StringComparer.Ordinal);
        while (rows.MoveNext())
        {
            var fields = rows.Current.Split(' ', StringSplitOptions.RemoveEmptyEntries);

            // Rows such as ERR have one count for all CPUs.
            if (fields.Length > header.Length && long.TryParse(fields[column + 1], out var count))
                sources[fields[0].TrimEnd(':')] = (count, string.Join(' ', fields.Skip(header.Length + 1)));
        }

        return new InterruptCounts(sources);
    }

    /// <summary>What came since an earlier reading, most frequent first.</summary>
    public IReadOnlyList<InterruptDelta> Since(InterruptCounts before) =>
        [
            .. from source in _sources
            let delta = source.Value.Count - before._sources.GetValueOrDefault(source.Key).Count
            where delta > 0
            orderby delta descending, source.Key
            select new InterruptDelta(source.Key, source.Value.Name, delta),
        ];
}

/// <summary>How many interrupts a source sent between two readings.</summary>
internal sealed record InterruptDelta(string Source, string Name, long Count);
