using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>Compiles a test: instructions parsed, labels and locations resolved.</summary>
internal sealed class LitmusCompiler
{
    private readonly LitmusTest _test;
    private readonly List<LitmusInstruction> _code = [];
    private readonly Dictionary<(int Cpu, string Label), int> _labels = [];
    private DataLocations _data = new([], []);
    private readonly SortedSet<int> _codeLocations = [];
    private readonly List<int> _columnOf = [];
    private readonly CodeBook _book;

    private LitmusCompiler(LitmusTest test)
    {
        _test = test;
        _book = new(text => Parse(text, new(1, 1)));
    }

    internal static LitmusProgram Compile(LitmusTest test) => new LitmusCompiler(test).Run();

    private LitmusProgram Run()
    {
        var threads = _test.Columns.Count(c => !c.IsHandler);
        var entry = new int[threads];
        var handler = Enumerable.Repeat(-1, threads).ToArray();
        foreach (var column in _test.Columns)
        {
            (column.IsHandler ? handler : entry)[column.Cpu] = _code.Count;
            AddColumn(column);
        }

        CollectLocations();
        for (var i = 0; i < _code.Count; i++)
            _code[i] = Resolve(_code[i], i);
        RetryLoops.Mark(_code, _codeLocations);
        var registers = Enumerable.Range(0, threads).Select(_ => new Dictionary<int, long>()).ToArray();
        var memory = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entryValue in _test.Initial)
        {
            var value = Value(entryValue.Value, entryValue.Target.Position);
            if (entryValue.Target.IsRegister)
                registers[Thread(entryValue.Target)][RegisterOf(entryValue.Target)] = value;
            else
                memory[entryValue.Target.Name] = value;
        }

        var outcome = new LitmusOutcome(_test, LocateTarget, Value, Label);
        var codeLocations = _codeLocations.ToArray();
        return new LitmusProgram
        {
            Test = _test,
            Code = [.. _code],
            Book = _book,
            Outcome = outcome,
            Threads = threads,
            Entry = entry,
            Handler = handler,
            Locate = _data,
            CodeLocations = codeLocations,
            Labels = _labels,
            InitialRegisters = registers,
            InitialMemory =
            [
                .. _data.Names.Select(name => memory.GetValueOrDefault(name)),
                .. codeLocations.Select(index => _book.Encode(_code[index], index)),
            ],
            JumpTargets = [.. codeLocations.Concat(ReturnPoints()).Distinct().Order()],
        };
    }

    private LitmusInstruction Parse(string text, LitmusPosition position) =>
        _test.Architecture == LitmusArchitecture.AArch64
            ? ArmAssembler.Parse(text, position)
            : X86Assembler.Parse(text, position, _test.TargetFirst);

    private void AddColumn(LitmusColumn column)
    {
        var number = _columnOf.Count == 0 ? 0 : _columnOf[^1] + 1;
        foreach (var line in column.Lines)
        {
            foreach (var (label, position) in line.Labels)
            {
                if (!_labels.TryAdd((column.Cpu, label), _code.Count))
                    throw new LitmusException(position, $"label '{label}' is defined twice in P{column.Cpu}");
            }

            if (line.Text.Length == 0)
                continue;
            _code.Add(Parse(line.Text, line.Position));
            _columnOf.Add(number);
        }

        _code.Add(
            new LitmusInstruction
            {
                Operation = Operation.Exit,
                Text = "end",
                Position = column.Position,
            }
        );
        _columnOf.Add(number);
    }

    private IEnumerable<int> ReturnPoints() =>
        Enumerable
            .Range(0, _code.Count)
            .Where(i =>
                _code[i].Destination == Registers.Link && _code[i].Target >= 0
                || _code[i].Operation == Operation.BranchRegister && _code[i].Destination == Registers.Link
            )
            .Select(i => i + 1);

    private void CollectLocations()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in _test.Initial)
        {
            if (!entry.Target.IsRegister)
                names.Add(entry.Target.Name);
            Collect(entry.Value, entry.Target.Position, names);
        }

        foreach (var instruction in _code.Where(i => i.UsesAddress && i.Base.Symbol is not null))
            names.Add(instruction.Base.Symbol!);
        foreach (var target in _test.Locations.Where(t => !t.IsRegister))
            names.Add(target.Name);
        Collect(_test.Condition, names);
        if (_test.Filter is not null)
            Collect(_test.Filter, names);
        foreach (var array in _test.Arrays)
        {
            names.Remove(array.Name);
            names.UnionWith(Enumerable.Range(0, array.Count).Select(array.Element));
        }

        _data = new DataLocations(names, _test.Arrays);
    }

    private static void Collect(LitmusCondition condition, SortedSet<string> names)
    {
        switch (condition)
        {
            case LitmusCondition.Equal equal:
                if (!equal.Target.IsRegister)
                    names.Add(equal.Target.Name);
                if (equal.Value is LitmusValue.Address address)
                    names.Add(address.Name);
                break;
            case LitmusCondition.Not not:
                Collect(not.Operand, names);
                break;
            case LitmusCondition.And and:
                Collect(and.Left, names);
                Collect(and.Right, names);
                break;
            case LitmusCondition.Or or:
                Collect(or.Left, names);
                Collect(or.Right, names);
                break;
        }
    }

    private void Collect(LitmusValue value, LitmusPosition position, SortedSet<string> names)
    {
        if (value is LitmusValue.Address address)
        {
            names.Add(address.Name);
        }
        else if (
            value is LitmusValue.CodeAddress code
            && _code[Label(code.Cpu, code.Label, position)].Operation != Operation.Exit
        )
        {
            _codeLocations.Add(Label(code.Cpu, code.Label, position));
        }
    }

    private int Label(int cpu, string label, LitmusPosition position) =>
        _labels.TryGetValue((cpu, label), out var index)
            ? index
            : throw new LitmusException(position, $"P{cpu} has no label '{label}'");

    private LitmusInstruction Resolve(LitmusInstruction instruction, int index)
    {
        if (instruction.Label is { } label)
        {
            var cpu = _test.Columns[_columnOf[index]].Cpu;
            instruction = instruction with { Target = Label(cpu, label, instruction.Position) };
        }
        else if (instruction.Distance is { } distance)
        {
            var target = index + distance;
            if (target < 0 || target >= _code.Count)
                throw new LitmusException(instruction.Position, $"'{instruction.Text}' leaves the code");
            instruction = instruction.IsRelative
                ? instruction with
                {
                    Left = Operand.Of(CodeAddress.Of(target)),
                }
                : instruction with
                {
                    Target = target,
                };
        }

        return instruction with
        {
            Left = Resolve(instruction.Left, instruction, index),
            Base = Resolve(instruction.Base, instruction, index),
        };
    }

    private Operand Resolve(Operand operand, LitmusInstruction instruction, int index)
    {
        if (operand.Symbol is null)
            return operand;
        var location = _data.IndexOf(operand.Symbol);
        if (location >= 0)
            return Operand.Of(_data.AddressOf(location));
        var target = Label(_test.Columns[_columnOf[index]].Cpu, operand.Symbol, instruction.Position);
        if (instruction.Operation == Operation.Move && _code[target].Operation != Operation.Exit)
            _codeLocations.Add(target);
        return Operand.Of(CodeAddress.Of(target));
    }

    private int LocateTarget(LitmusTarget target)
    {
        if (!target.IsRegister)
        {
            return _test.Arrays.Any(a => a.Name == target.Name)
                ? throw LitmusException.Unsupported(
                    target.Position,
                    $"the whole array {target.Name}; name its elements"
                )
                : _data.IndexOf(target.Name);
        }

        _ = Thread(target);
        return RegisterOf(target);
    }

    private long Value(LitmusValue value, LitmusPosition position) =>
        value switch
        {
            LitmusValue.Integer integer => integer.Number,
            LitmusValue.Address address => _data.AddressOf(_data.IndexOf(address.Name)),
            LitmusValue.CodeAddress code => CodeAddress.Of(Label(code.Cpu, code.Label, position)),
            LitmusValue.InstructionWord word => Word(word.Text, position),
            _ => throw new LitmusException(position, "a value of an unknown form"),
        };

    private long Word(string text, LitmusPosition position)
    {
        var instruction = Parse(text, position);
        return instruction.Label is null && instruction.Left.Symbol is null
            ? _book.Encode(instruction, 0)
            : throw new LitmusException(
                position,
                $"'{text}' as a value needs a distance such as .+8 in place of a label"
            );
    }

    private int Thread(LitmusTarget target) =>
        target.Cpu < _test.Columns.Count(c => !c.IsHandler)
            ? target.Cpu
            : throw new LitmusException(target.Position, $"there is no thread P{target.Cpu}");

    private int RegisterOf(LitmusTarget target) =>
        Registers.TryParse(_test.Architecture, target.Name, out var register, out _) && register != Registers.Zero
            ? register
            : throw new LitmusException(target.Position, $"'{target.Name}' is no register");
}
