using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>
/// What can follow each pair of a CPU's own part and the shared one: found once, when the pair is first met. A step is
/// one move, or several that a search makes as one.
/// </summary>
/// <param name="cpus">Number of CPUs.</param>
/// <param name="layout">How the parts' numbers lie in a key.</param>
internal abstract class PairSteps<T>(int cpus, KeyLayout layout)
    where T : unmanaged, IPacked<T>
{
    private readonly PairTable[] _pairs = [.. Enumerable.Range(0, cpus).Select(_ => new PairTable())];
    private readonly List<PairFacts<T>?> _facts = [];
    private readonly List<(int Cpu, int Own, int Shared)> _parts = [];
    private (int Start, int End)[] _ranges = new (int, int)[1 << 8];
    private MoveChange[] _changes = new MoveChange[1 << 8];
    private (int Own, int Shared)[] _after = new (int, int)[1 << 8];

    /// <summary>How the parts' numbers lie in a key.</summary>
    public KeyLayout Layout { get; private set; } = layout;

    /// <summary>Steps that were found.</summary>
    protected int Steps { get; private set; }

    /// <summary>The parts of a pair.</summary>
    public (int Own, int Shared) PartsOf(int pair) => (_parts[pair].Own, _parts[pair].Shared);

    /// <summary>Pairs that were met.</summary>
    public int Pairs => _facts.Count;

    /// <summary>The CPU of a pair.</summary>
    public int CpuOf(int pair) => _parts[pair].Cpu;

    protected int Cpus => _pairs.Length;

    /// <summary>The part behind those of the CPUs.</summary>
    protected int SharedPart => _pairs.Length;

    /// <summary>Fetches what <see cref="PairOf(ulong, int)"/> needs into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong key)
    {
        var shared = Layout.Of(key, SharedPart);
        for (var cpu = 0; cpu < _pairs.Length; cpu++)
            _pairs[cpu].Prefetch(Layout.Of(key, cpu), shared);
    }

    /// <summary>The pair of a CPU's own part and the shared one in a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PairOf(ulong key, int cpu) => PairOf(cpu, Layout.Of(key, cpu), Layout.Of(key, SharedPart));

    /// <summary>As <see cref="PairOf(ulong, int)"/>; -1 if the pair was not met yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindPair(ulong key, int cpu) => _pairs[cpu].Find(Layout.Of(key, cpu), Layout.Of(key, SharedPart));

    /// <summary>The pair of these parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PairOf(int cpu, int own, int shared)
    {
        var pair = _pairs[cpu].Find(own, shared);
        return pair >= 0 ? pair : Fill(cpu, own, shared);
    }

    /// <summary>Numbers of a pair's first step, and after its last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Start, int End) StepsOf(int pair) => _ranges[pair];

    /// <summary>What a step does to a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly MoveChange ChangeOf(int step) => ref _changes[step];

    /// <summary>The CPU's own part and the shared one after a step.</summary>
    public (int Own, int Shared) AfterOf(int step) => _after[step];

    /// <summary>What is to be judged where the pair meets; null if nothing is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairFacts<T>? FactsOf(int pair) => _facts[pair];

    /// <summary>Takes a step.</summary>
    /// <param name="key">The state.</param>
    /// <param name="cpu">The CPU that moves.</param>
    /// <param name="step">Number of the step, which is one of the CPU's pair in this state.</param>
    /// <param name="target">The state afterwards; meaningless if a part was met that has no room in a key.</param>
    /// <returns>False: another CPU refuses it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMake(ulong key, int cpu, int step, out ulong target) =>
        Make(key, cpu, step, true, out target) == StepOutcome.Made;

    /// <summary>Takes a step, if it is known what becomes of it.</summary>
    /// <param name="key">The state.</param>
    /// <param name="cpu">The CPU that moves.</param>
    /// <param name="step">Number of the step, which is one of the CPU's pair in this state.</param>
    /// <param name="mayAsk">
    /// The machine may be asked what is not known. Without that nothing is written: several threads may ask at once.
    /// </param>
    /// <param name="target">The state afterwards; meaningless if a part was met that has no room in a key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StepOutcome Make(ulong key, int cpu, int step, bool mayAsk, out ulong target)
    {
        ref readonly var change = ref _changes[step];
        target = key ^ change.Change;
        return change.Notice == 0 && !change.HoldsLocation
            ? StepOutcome.Made
            : Finish(cpu, step, mayAsk, ref target);
    }

    /// <summary>Some step stands for several moves.</summary>
    public virtual bool HasWeights => false;

    /// <summary>The moves of a step, in order, as <see cref="PairMemo{T}"/> counts.</summary>
    public abstract ReadOnlySpan<int> MovesOf(int step);

    /// <summary>Where the CPU is in a pair, and where issues that may be delayed lead it from there.</summary>
    public abstract IReadOnlyList<PairNode> NodesOf(int pair);

    /// <summary>The state at one of the nodes of a CPU's pair.</summary>
    public ulong KeyAt(ulong key, int cpu, PairNode node) =>
        key
        ^ Layout.At(cpu, Layout.Of(key, cpu))
        ^ Layout.At(cpu, node.Own)
        ^ Layout.At(SharedPart, Layout.Of(key, SharedPart))
        ^ Layout.At(SharedPart, node.Shared);

    /// <summary>Finds what can follow a pair.</summary>
    /// <returns>The number of the pair.</returns>
    protected abstract int Fill(int cpu, int own, int shared);

    /// <summary>Makes the rest of a step: tells other CPUs, and looks for dead ends.</summary>
    protected abstract StepOutcome Finish(int cpu, int step, bool mayAsk, ref ulong target);

    /// <summary>Adds a step behind the others.</summary>
    protected void Add(int own, int shared, in MoveChange change)
    {
        if (Steps == _changes.Length)
        {
            Array.Resize(ref _changes, 2 * Steps);
            Array.Resize(ref _after, 2 * Steps);
        }

        _after[Steps] = (own, shared);
        _changes[Steps++] = change;
    }

    /// <summary>Adds a pair with the steps that were added last.</summary>
    protected int AddPair(int cpu, int own, int shared, int first, PairFacts<T>? facts)
    {
        var pair = _facts.Count;
        if (pair == _ranges.Length)
            Array.Resize(ref _ranges, 2 * pair);
        _ranges[pair] = (first, Steps);
        _facts.Add(facts);
        _parts.Add((cpu, own, shared));
        _pairs[cpu].Add(own, shared, pair);
        return pair;
    }

    /// <summary>Writes which pairs were met.</summary>
    public virtual void Save(BinaryWriter writer)
    {
        writer.Write(_parts.Count);
        foreach (var (cpu, own, shared) in _parts)
        {
            writer.Write((byte)cpu);
            writer.Write(own);
            writer.Write(shared);
        }
    }

    /// <summary>Meets the pairs again that <see cref="Save"/> wrote, in the same order.</summary>
    public virtual void Load(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
            PairOf(reader.ReadByte(), reader.ReadInt32(), reader.ReadInt32());
    }

    /// <summary>Has another layout from now on, in which there is room for all parts.</summary>
    protected void Use(KeyLayout layout)
    {
        Layout = layout;
        for (var cpu = 0; cpu < _pairs.Length; cpu++)
            _pairs[cpu].ForEach((own, shared, pair) => SetChanges(cpu, own, shared, pair));
    }

    /// <summary>Finds out what the steps of a pair do to a key.</summary>
    protected void SetChanges(int cpu, int own, int shared, int pair)
    {
        for (var step = _ranges[pair].Start; step < _ranges[pair].End; step++)
        {
            var change =
                (Layout.At(cpu, own) ^ Layout.At(cpu, _after[step].Own))
                | (Layout.At(SharedPart, shared) ^ Layout.At(SharedPart, _after[step].Shared));
            _changes[step] = _changes[step] with { Change = change };
        }
    }
}
