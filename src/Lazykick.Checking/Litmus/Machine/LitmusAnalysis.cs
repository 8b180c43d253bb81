using Lazykick.Checking.Litmus.Assembly;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>What can be said about a program before it runs, so that its states are small.</summary>
internal sealed class LitmusAnalysis
{
    // Turns of a loop that overlap: a few instructions more than the code has.
    private const int LoopSlack = 8;

    private readonly LitmusProgram _program;
    private readonly int[] _columnStart;

    internal LitmusAnalysis(LitmusProgram program)
    {
        _program = program;
        var starts = new List<int> { 0 };
        for (var i = 0; i < program.Code.Length - 1; i++)
        {
            if (program.Code[i].Operation == Operation.Exit)
                starts.Add(i + 1);
        }

        _columnStart = [.. starts];
        FindTexts();
    }

    /// <summary>Code indices that some store may write.</summary>
    internal int[] Texts { get; private set; } = [];

    /// <summary>How many instructions can write one of them; a loop may do so more often.</summary>
    internal int VersionLimit { get; private set; }

    /// <summary>Some thread may jump through a register; a word in memory may be such a jump, too.</summary>
    internal bool HasJumps => _program.Code.Concat(Words()).Any(i => i.Operation == Operation.BranchRegister);

    /// <summary>No path of a thread is longer, unless its code loops.</summary>
    internal int LongestPath(int thread)
    {
        var own = Reachable(thread).ToList();
        if (own.Any(Loops))
            return _program.Code.Length + LoopSlack;
        // Text that changes may become a branch to wherever the other threads are.
        if (!own.Exists(i => Array.IndexOf(Texts, i) >= 0))
            return own.Count;
        return Enumerable.Range(0, _program.Code.Length).Any(Loops)
            ? _program.Code.Length + LoopSlack
            : Enumerable.Range(0, _program.Threads).Max(t => Reachable(t).Count());
    }

    /// <summary>Registers that a thread may write.</summary>
    internal SortedSet<int> WrittenRegisters(int thread)
    {
        var written = new SortedSet<int>();
        foreach (var instruction in Reachable(thread).Select(i => _program.Code[i]))
        {
            if (instruction.Destination != Registers.None)
                written.Add(instruction.Destination);
            if (instruction.SetsFlags)
                written.Add(Registers.Flags);
            if (instruction.WriteBack != 0)
                written.Add(instruction.Base.Register);
        }
        // Text that is overwritten may bring any instruction that is a value somewhere, so a link or exception register
        // too.
        if (
            _program.Handler[thread] >= 0
            || Reachable(thread).Any(i => _program.Code[i].Operation is Operation.SupervisorCall or Operation.Undefined)
        )
        {
            written.Add(Registers.ExceptionLink);
        }

        foreach (var decoded in Words())
        {
            if (decoded.Destination != Registers.None)
                written.Add(decoded.Destination);
            if (decoded.SetsFlags)
                written.Add(Registers.Flags);
        }

        if (_program.CodeLocations.Length > 0)
            written.Add(Registers.ExceptionLink);
        return written;
    }

    private bool Loops(int index) =>
        _program.Code[index] is var code && (code.IsIndirect || (code.Target >= 0 && code.Target <= index));

    // What values may mean that are there at the beginning, or that arithmetic may make of them; small ones are
    // numbers.
    private IEnumerable<LitmusInstruction> Words() =>
        _program
            .InitialRegisters.SelectMany(r => r.Values)
            .Concat(_program.InitialMemory)
            .Where(v => v >= 0x1_0000)
            .Select(v => _program.Book.Decode(v, 0))
            .OfType<LitmusInstruction>()
            .Concat(_program.Book.Invented);

    // A thread stays in its column and its handler's, unless it jumps through a register.
    private IEnumerable<int> Reachable(int thread)
    {
        var own = Column(_program.Entry[thread]);
        if (_program.Handler[thread] >= 0)
            own = own.Concat(Column(_program.Handler[thread]));
        return own.Any(i => _program.Code[i].Operation == Operation.BranchRegister)
            ? Enumerable.Range(0, _program.Code.Length)
            : own;
    }

    private IEnumerable<int> Column(int start)
    {
        var next = Array.Find(_columnStart, s => s > start);
        return Enumerable.Range(start, (next == 0 ? _program.Code.Length : next) - start);
    }

    private void FindTexts()
    {
        var writers = new int[_program.CodeLocations.Length];
        for (var thread = 0; thread < _program.Threads; thread++)
        {
            var written = WrittenRegisters(thread);
            foreach (var instruction in Reachable(thread).Select(i => _program.Code[i]).Where(i => i.MayWrite))
            {
                for (var x = 0; x < writers.Length; x++)
                {
                    if (MayBeAt(instruction, thread, written, CodeAddress.Of(_program.CodeLocations[x])))
                        writers[x]++;
                }
            }
        }

        Texts = [.. _program.CodeLocations.Where((_, x) => writers[x] > 0)];
        VersionLimit = Math.Min(LitmusLayout.MaxVersions, writers.DefaultIfEmpty().Max());
    }

    private bool MayBeAt(LitmusInstruction instruction, int thread, SortedSet<int> written, long address)
    {
        if (
            instruction.Index.IsRegister || (instruction.Base.IsRegister && written.Contains(instruction.Base.Register))
        )
        {
            return true;
        }

        var origin = instruction.Base.IsRegister
            ? _program.InitialRegisters[thread].GetValueOrDefault(instruction.Base.Register)
            : instruction.Base.Number;
        return address == origin || address == origin + instruction.Index.Number;
    }
}
