namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// The effects of a program and what causes what within an instruction, as herd's AArch64 semantics has it: which
/// registers an instruction reads and writes, in which port, and what of it depends on what. Addresses are the
/// constants that they are.
/// </summary>
internal sealed class EffectGraphBuilder
{
    private const int DataRegister = 100,
        AddressRegister = 101,
        LoadedRegister = 102;
    private readonly StraightProgram _program;
    private readonly uint _decisions;
    private readonly EffectGraph _graph = new();
    private readonly Dictionary<int, int> _lastWrite = [];
    private int _decided;
    private int _thread;
    private int _instruction;

    private EffectGraphBuilder(StraightProgram program, uint decisions) =>
        (_program, _decisions) = (program, decisions);

    /// <summary>How many things may go one way or the other.</summary>
    internal static int Choices(StraightProgram program) =>
        program.Threads.Sum(t =>
            t.Sum(o => (o.When >= 0 ? 1 : 0) + (o.Kind is OpKind.StoreExclusive or OpKind.CompareSwap ? 1 : 0))
        );

    internal static EffectGraph Build(StraightProgram program, uint decisions) =>
        new EffectGraphBuilder(program, decisions).Build();

    private EffectGraph Build()
    {
        for (var location = 0; location < _program.AllLocations; location++)
            _graph.Add(new(EffectKind.WriteMemory) { Location = location, Written = _ => 0 });
        for (_thread = 0; _thread < _program.Threads.Count; _thread++)
        {
            _lastWrite.Clear();
            _instruction = 0;
            var isLost = false;
            foreach (var op in _program.Threads[_thread])
            {
                var isSkipped = op.When >= 0 && Decide();
                var fails = op.Kind is OpKind.StoreExclusive or OpKind.CompareSwap && Decide();
                if (op.When >= 0)
                    Test(op, isSkipped);
                isSkipped |= op.IsPartOfAtomic && isLost;
                isLost = isSkipped || fails;
                if (!isSkipped)
                    Add(op, fails);
            }

            foreach (var (register, write) in _lastWrite)
                _graph.Finals[(_thread, register)] = write;
        }

        return _graph;
    }

    private bool Decide() => (_decisions & (1u << _decided++)) != 0;

    private void Test(Op op, bool isSkipped)
    {
        var tested = Branch(op.When);
        _graph.Conditions.Add(values => values[tested] is { } value && (value == op.WhenIs) != isSkipped);
    }

    private void Add(Op op, bool fails)
    {
        switch (op.Kind)
        {
            case OpKind.Load or OpKind.LoadExclusive:
                AddLoad(op);
                break;
            case OpKind.Store:
                SetData(op);
                AddStore(op);
                break;
            case OpKind.Swap or OpKind.Add or OpKind.AddNoReturn when op.LlSc:
                AddExclusivePair(op);
                break;
            case OpKind.Swap or OpKind.Add or OpKind.AddNoReturn:
                SetData(op);
                AddAtomic(op);
                break;
            case OpKind.CompareSwap:
                AddCompareSwap(op, fails);
                break;
            case OpKind.StoreExclusive:
                AddStoreExclusive(op, fails);
                break;
            case OpKind.Fence:
                Next();
                Effect(new(EffectKind.Fence) { Fence = op.Fence });
                break;
            case OpKind.Isb:
            case OpKind.Enter when _program.EntrySynchronises:
            case OpKind.Leave when _program.ReturnSynchronises:
                Next();
                Effect(new(EffectKind.ContextSync));
                break;
            case OpKind.Branch:
                Branch(op.DataFrom);
                break;
            case OpKind.Move:
                Move(op.Result, op.DataFrom, op.Value);
                break;
            case OpKind.Clean or OpKind.Invalidate:
                Next();
                Effect(
                    new(op.Kind == OpKind.Clean ? EffectKind.Clean : EffectKind.Invalidate) { Location = op.Location }
                );
                break;
            case OpKind.Fetch:
                Next();
                var fetch = Effect(new(EffectKind.Fetch) { Location = op.Location });
                Next();
                Write(op.Result, values => values[fetch] + 1);
                break;
        }
    }

    private void AddLoad(Op op)
    {
        var address = SetAddress(op);
        Next();
        var read = Read(op, address);
        var register = op.Awaits >= 0 || op.Tests >= 0 ? LoadedRegister : op.Result;
        Data(read, Write(register, values => values[read]));
        if (!op.BranchesOnRead)
            return;
        var tested = Branch(register);
        if (op.Awaits >= 0)
            _graph.Conditions.Add(values => values[tested] == op.Awaits);
        if (op.Tests < 0)
            return;
        // Each way of the branch sets the register to a constant.
        Next();
        Write(
            op.Result,
            values =>
                values[read] is { } value
                    ? value == op.Tests
                        ? 1
                        : 0
                    : null
        );
    }

    private void AddStore(Op op)
    {
        var address = SetAddress(op);
        Next();
        StoreData(op, address);
    }

    private void AddAtomic(Op op)
    {
        Next();
        var read = Read(op, -1);
        var data = ReadRegister(DataRegister, Port.Data);
        var isAdd = op.Kind is OpKind.Add or OpKind.AddNoReturn;
        var write = Effect(
            Written(op) with
            {
                Atomic = true,
                Written = values => isAdd ? values[read] + values[data] : values[data],
            }
        );
        Data(data, write);
        (isAdd ? _graph.DataEdges : _graph.OrderEdges).Add((read, write));
        _graph.AtomicPairs.Add((read, write));
        if (op.Result >= 0)
            Data(read, Write(op.Result, values => values[read]));
    }

    // LDXR, an addition where there is one, STXR: repeated until it succeeds, of which the last round is what counts.
    private void AddExclusivePair(Op op)
    {
        Next();
        var read = Read(op, -1, exclusive: true);
        var loaded = Write(LoadedRegister, values => values[read]);
        Data(read, loaded);
        if (op.Kind == OpKind.Swap)
            SetData(op);
        else
            Move(DataRegister, LoadedRegister, op.Value);
        Next();
        _graph.ExclusivePairs.Add((read, StoreData(op, -1, exclusive: true)));
        if (op.Result >= 0)
            Move(op.Result, LoadedRegister, 0);
    }

    private void AddCompareSwap(Op op, bool fails)
    {
        if (!op.LlSc)
            SetData(op);
        Next();
        var isPair = op.LlSc;
        var read = Read(op, -1, exclusive: isPair);
        _graph.Conditions.Add(values => values[read] is { } value && (value == op.Compare) != fails);
        if (isPair)
        {
            Data(read, Write(LoadedRegister, values => values[read]));
            Branch(LoadedRegister);
            if (!fails)
            {
                SetData(op);
                Next();
                _graph.ExclusivePairs.Add((read, StoreData(op, -1, exclusive: true)));
            }
        }
        else
        {
            var choice = Effect(new(EffectKind.Choice));
            Data(read, choice);
            if (!fails)
            {
                var data = ReadRegister(DataRegister, Port.Data);
                var write = Effect(Written(op) with { Atomic = true, Written = values => values[data] });
                Data(data, write);
                _graph.ControlEdges.Add((choice, write));
                _graph.AtomicPairs.Add((read, write));
            }

            Data(read, Write(LoadedRegister, values => values[read]));
        }

        // A comparison whose result is data: schemes say that of a cas.
        Next();
        var old = ReadRegister(LoadedRegister, Port.Data);
        Data(
            old,
            Write(
                op.Result,
                values =>
                    values[old] is { } value
                        ? value == op.Compare
                            ? 1
                            : 0
                        : null
            )
        );
    }

    private void AddStoreExclusive(Op op, bool fails)
    {
        SetData(op);
        Next();
        if (!fails)
            StoreData(op, -1, exclusive: true);
        Write(op.Result, _ => fails ? 1 : 0);
    }

    // The register that is stored: a constant, or another register and a constant.
    private void SetData(Op op) => Move(DataRegister, op.DataFrom, op.Value);

    // EOR of a register with itself: the address depends on it without changing.
    private int SetAddress(Op op)
    {
        if (op.AddressFrom < 0)
            return -1;
        Next();
        var from = ReadRegister(op.AddressFrom, Port.Data);
        Data(from, Write(AddressRegister, _ => 0));
        return AddressRegister;
    }

    private void Move(int register, int from, int constant)
    {
        Next();
        if (from < 0)
        {
            Write(register, _ => constant);
            return;
        }

        var source = ReadRegister(from, Port.Data);
        Data(source, Write(register, values => values[source] + constant));
    }

    private int Branch(int register)
    {
        Next();
        var tested = ReadRegister(register, Port.Data);
        Data(tested, Effect(new(EffectKind.Branch)));
        return tested;
    }

    private int Read(Op op, int address, bool exclusive = false)
    {
        var read = Effect(
            new(EffectKind.ReadMemory)
            {
                Location = op.Location,
                Acquire = op.Acquire,
                AcquirePc = op.AcquirePc,
                Exclusive = exclusive || op.Kind == OpKind.LoadExclusive,
                Atomic = op.Kind is OpKind.Swap or OpKind.Add or OpKind.AddNoReturn or OpKind.CompareSwap,
                NoReturn = op.Kind == OpKind.AddNoReturn,
            }
        );
        if (address >= 0)
            Data(ReadRegister(address, Port.Address), read);
        return read;
    }

    private int StoreData(Op op, int address, bool exclusive = false)
    {
        var data = ReadRegister(DataRegister, Port.Data);
        var write = Effect(
            Written(op) with
            {
                Exclusive = exclusive,
                Atomic = exclusive && op.Kind != OpKind.StoreExclusive,
                Written = values => values[data],
            }
        );
        Data(data, write);
        if (address >= 0)
            Data(ReadRegister(address, Port.Address), write);
        return write;
    }

    private static Effect Written(Op op) =>
        new(EffectKind.WriteMemory) { Location = op.Location, Release = op.Release };

    private int ReadRegister(int register, Port port)
    {
        var source = _lastWrite.GetValueOrDefault(register, -1);
        return Effect(
            new(EffectKind.ReadRegister)
            {
                Location = register,
                Port = port,
                Written = values => source < 0 ? 0 : values[source],
            }
        );
    }

    private int Write(int register, Func<Values, int?> written) =>
        _lastWrite[register] = Effect(new(EffectKind.WriteRegister) { Location = register, Written = written });

    private void Data(int from, int to) => _graph.DataEdges.Add((from, to));

    private void Next() => _instruction++;

    private int Effect(Effect effect) => _graph.Add(effect with { Thread = _thread, Instruction = _instruction });
}
