namespace Lazykick.Checking.Litmus.Reading;

/// <summary>Reads what follows the code: locations, filter and the condition.</summary>
internal sealed class LitmusConditionReader(LitmusScanner scanner, LitmusArchitecture architecture)
{
    private const int MaxDepth = 100;
    private readonly List<LitmusTarget> _locations = [];
    private int _depth;

    internal IReadOnlyList<LitmusTarget> Locations => _locations;

    internal LitmusCondition? Filter { get; private set; }

    internal LitmusQuantifier Quantifier { get; private set; } = LitmusQuantifier.ForAll;

    internal LitmusCondition Condition { get; private set; } = new LitmusCondition.Constant(true);

    internal string Text { get; private set; } = "forall (true)";

    internal LitmusPosition Position { get; private set; } = new(1, 1);

    internal void Read()
    {
        while (true)
        {
            if (scanner.TryTake("locations"))
                ReadLocations();
            else if (scanner.TryTake("filter"))
                Filter = ReadImplication();
            else
                break;
        }

        scanner.TryTake(";");
        scanner.SkipBlank();
        if (scanner.AtEnd)
        {
            if (_locations.Count == 0)
                throw scanner.Error("the test has no condition; expected exists, ~exists, forall or locations");
            return;
        }

        Position = scanner.Position;
        var start = scanner.Offset;
        Quantifier = ReadQuantifier();
        Condition = ReadImplication();
        Text = string.Join(
            ' ',
            scanner.Slice(start, scanner.Offset).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        scanner.TryTake(";");
        scanner.SkipBlank();
        if (!scanner.AtEnd)
            throw scanner.Error($"expected the end of the file after the condition but found {scanner.Found()}");
    }

    private LitmusQuantifier ReadQuantifier()
    {
        if (scanner.TryTake("exists"))
            return LitmusQuantifier.Exists;
        if (scanner.TryTake("forall"))
            return LitmusQuantifier.ForAll;
        if (scanner.TryTake("~") || scanner.TryTake("not"))
        {
            scanner.Take("exists");
            return LitmusQuantifier.NotExists;
        }

        throw scanner.Error($"expected exists, ~exists or forall but found {scanner.Found()}");
    }

    private void ReadLocations()
    {
        scanner.Take("[");
        while (!scanner.TryTake("]"))
        {
            if (scanner.TryTake(";"))
                continue;
            _locations.Add(LitmusInitialReader.ReadTarget(scanner));
        }
    }

    private LitmusCondition ReadImplication()
    {
        if (++_depth > MaxDepth)
            throw scanner.Error($"the condition nests deeper than {MaxDepth}");
        var left = ReadOr();
        if (scanner.TryTake("=>"))
            left = new LitmusCondition.Or(new LitmusCondition.Not(left), ReadImplication());
        _depth--;
        return left;
    }

    private LitmusCondition ReadOr()
    {
        var left = ReadAnd();
        while (scanner.TryTake("\\/"))
            left = new LitmusCondition.Or(left, ReadAnd());
        return left;
    }

    private LitmusCondition ReadAnd()
    {
        var left = ReadNot();
        while (scanner.TryTake("/\\"))
            left = new LitmusCondition.And(left, ReadNot());
        return left;
    }

    private LitmusCondition ReadNot()
    {
        if (scanner.TryTake("not") || scanner.TryTake("~"))
        {
            if (++_depth > MaxDepth)
                throw scanner.Error($"the condition nests deeper than {MaxDepth}");
            var operand = ReadNot();
            _depth--;
            return new LitmusCondition.Not(operand);
        }

        if (scanner.TryTake("("))
        {
            var inner = ReadImplication();
            scanner.Take(")");
            return inner;
        }

        if (scanner.TryTake("true"))
            return new LitmusCondition.Constant(true);
        if (scanner.TryTake("false"))
            return new LitmusCondition.Constant(false);
        if (scanner.TryTake("fault") || scanner.TryTake("Fault"))
            return ReadFault();
        var target = LitmusInitialReader.ReadTarget(scanner);
        scanner.Take("=");
        return new LitmusCondition.Equal(target, LitmusInitialReader.ReadValue(scanner, architecture));
    }

    private LitmusCondition.Fault ReadFault()
    {
        var position = scanner.Position;
        scanner.Take("(");
        if (!scanner.TryName(out var name) || !LitmusInitialReader.TryThread(name, out var cpu))
            throw scanner.Error("expected a thread in fault(...)");
        string? label = null;
        if (scanner.TryTake(":") && !scanner.TryName(out label))
            throw scanner.Error("expected a label in fault(...)");
        string? kind = null;
        while (scanner.TryTake(","))
        {
            if (!scanner.TryName(out var word))
                throw scanner.Error("expected a location or a kind of fault");
            if (word is "MMU" or "TagCheck" or "PacCheck")
                throw LitmusException.Unsupported(position, $"faults of kind {word}");
            kind = word is "UndefinedInstruction" or "SupervisorCall"
                ? word
                : throw LitmusException.Unsupported(position, $"faults of kind '{word}'");
        }

        scanner.Take(")");
        return new(cpu, label, kind, position);
    }
}
