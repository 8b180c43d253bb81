namespace Lazykick.Checking.Export;

/// <summary>
/// Values of the variables of a test: those of the scheme where that tells the writes that are kept apart, else their
/// places in coherence order.
/// </summary>
internal sealed class TestValues
{
    private readonly Dictionary<RaceEvent, int> _writes = [];
    private readonly Dictionary<RaceEvent, int> _reads = [];

    /// <summary>By write: the value that it overwrites.</summary>
    private readonly Dictionary<RaceEvent, int> _before = [];

    private TestValues() { }

    /// <summary>By variable: the initial value.</summary>
    public Dictionary<string, int> Initial { get; } = new(StringComparer.Ordinal);

    /// <summary>By variable: the last value in coherence order.</summary>
    public Dictionary<string, int> Final { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables that do not have the scheme's values: what each of theirs means.</summary>
    public Dictionary<string, IReadOnlyList<(int Value, int Meaning)>> Renumbered { get; } =
        new(StringComparer.Ordinal);

    public static TestValues Of(RaceEvents race, Core core)
    {
        var values = new TestValues();
        foreach (var location in core.Kept.Where(k => k.IsAccess).Select(k => k.Location!).Distinct())
            values.Add(race, core, location);
        return values;
    }

    /// <summary>The value that a write makes.</summary>
    public int Written(RaceEvent write) => _writes[write];

    /// <summary>The value that a read has in the outcome.</summary>
    public int Read(RaceEvent read) => _reads[read];

    /// <summary>What an atomic adds.</summary>
    public int Added(RaceEvent atomic) => _writes[atomic] - _before[atomic];

    /// <summary>Gives a step the values of another: of the witness, or of the same step with other knobs.</summary>
    public void Add(RaceEvent step, RaceEvent like)
    {
        if (_writes.TryGetValue(like, out var written))
            _writes[step] = written;
        if (_before.TryGetValue(like, out var before))
            _before[step] = before;
        if (_reads.TryGetValue(like, out var read))
            _reads[step] = read;
    }

    /// <summary>Adds a variable of the export's own: 0, and then 1.</summary>
    public void AddFlag(string location, RaceEvent write, RaceEvent read)
    {
        Initial[location] = 0;
        Final[location] = 1;
        _writes[write] = 1;
        _before[write] = 0;
        _reads[read] = 1;
    }

    private void Add(RaceEvents race, Core core, string location)
    {
        var order = race.Coherence(location);
        var writes = order.Where(core.Kept.Contains).ToList();
        var reads = core.Kept.Where(k => k.IsRead && k.Location == location).ToList();
        var start =
            reads
                .FirstOrDefault(r => core.Pinned.Contains(r) && (r.Source is null || !writes.Contains(r.Source)))
                ?.ReadValue
            ?? (
                writes.Count > 0 ? ValueBefore(race, order, writes[0])
                : reads.Count > 0 ? reads[0].ReadValue
                : race.Initial(location)
            );
        int[] literal = [start, .. writes.Select(w => w.Written)];
        var isDistinct = literal.Distinct().Count() == literal.Length;
        var number = isDistinct ? literal : [.. Enumerable.Range(0, literal.Length)];
        if (!isDistinct)
            Renumbered[location] = [.. number.Zip(literal)];
        Initial[location] = number[0];
        Final[location] = number[^1];
        for (var i = 0; i < writes.Count; i++)
        {
            _writes[writes[i]] = number[i + 1];
            _before[writes[i]] = number[i];
        }

        foreach (var read in reads)
        {
            _reads[read] =
                read.Source is not null && _writes.TryGetValue(read.Source, out var value) ? value : number[0];
        }
    }

    private static int ValueBefore(RaceEvents race, IReadOnlyList<RaceEvent> order, RaceEvent write)
    {
        var index = order.ToList().IndexOf(write);
        return index == 0 ? race.Initial(write.Location!) : order[index - 1].Written;
    }
}
