using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>What of a final state is looked at, and the condition over it.</summary>
internal sealed class LitmusOutcome
{
    private const int MaxFaults = 30;
    private readonly List<LitmusTarget> _targets = [];
    private readonly List<(int Cpu, int Place)> _places = [];
    private readonly List<LitmusCondition.Fault> _faults = [];
    private readonly List<int> _faultCode = [];
    private readonly LitmusArchitecture _architecture;
    private readonly Func<LitmusTarget, int> _locate;
    private readonly Func<LitmusValue, LitmusPosition, long> _value;
    private readonly Func<int, string, LitmusPosition, int> _label;
    private readonly Func<long[], bool> _condition;
    private readonly Func<long[], bool>? _filter;

    internal LitmusOutcome(
        LitmusTest test,
        Func<LitmusTarget, int> locate,
        Func<LitmusValue, LitmusPosition, long> value,
        Func<int, string, LitmusPosition, int> label
    )
    {
        (_architecture, _locate, _value, _label) = (test.Architecture, locate, value, label);
        foreach (var target in test.Locations)
            Observe(target);
        _condition = Compile(test.Condition);
        _filter = test.Filter is null ? null : Compile(test.Filter);
    }

    /// <summary>The registers and locations that are looked at.</summary>
    internal IReadOnlyList<LitmusTarget> Targets => _targets;

    internal IReadOnlyList<LitmusCondition.Fault> Faults => _faults;

    /// <summary>The values of a final state: the targets, and one number for the faults.</summary>
    internal long[] Read(ReadOnlySpan<int> state, LitmusProgram program, LitmusLayout layout, ValueTable values)
    {
        var result = new long[_targets.Count + 1];
        for (var i = 0; i < _targets.Count; i++)
        {
            var (cpu, place) = _places[i];
            var field = cpu < 0 ? layout.Memory + place : layout.Register(cpu, place);
            result[i] = field >= 0 ? values[state[field]] : program.InitialRegisters[cpu].GetValueOrDefault(place);
            if (cpu >= 0)
                result[i] = Arithmetic.Cut(result[i], IsWide(_targets[i]));
        }

        result[^1] = state[layout.Faults];
        return result;
    }

    internal bool Holds(long[] outcome) => _condition(outcome);

    internal bool Passes(long[] outcome) => _filter is null || _filter(outcome);

    /// <summary>Which of the test's fault atoms an exception makes true.</summary>
    internal int FaultBits(int thread, int code, Operation operation)
    {
        var bits = 0;
        for (var i = 0; i < _faults.Count; i++)
        {
            var kind = _faults[i].Kind switch
            {
                null => true,
                "SupervisorCall" => operation == Operation.SupervisorCall,
                _ => operation == Operation.Undefined,
            };
            if (kind && _faults[i].Cpu == thread && (_faultCode[i] < 0 || _faultCode[i] == code))
                bits |= 1 << i;
        }

        return bits;
    }

    private bool IsWide(LitmusTarget target) =>
        Registers.TryParse(_architecture, target.Name, out _, out var wide) && wide;

    private int Observe(LitmusTarget target)
    {
        var place = (target.Cpu, _locate(target));
        for (var i = 0; i < _targets.Count; i++)
        {
            if (_places[i] == place && (!target.IsRegister || IsWide(target) == IsWide(_targets[i])))
                return i;
        }

        _targets.Add(target);
        _places.Add(place);
        return _targets.Count - 1;
    }

    private Func<long[], bool> Compile(LitmusCondition condition)
    {
        switch (condition)
        {
            case LitmusCondition.Equal equal:
                var index = Observe(equal.Target);
                var value = _value(equal.Value, equal.Target.Position);
                // A negative number means 32 bits as well as 64, as registers of either width are written with it.
                return value < 0 && value >= int.MinValue
                    ? o => o[index] == value || o[index] == (value & 0xFFFF_FFFF)
                    : o => o[index] == value;
            case LitmusCondition.Fault fault:
                var bit = ObserveFault(fault);
                return o => (o[^1] & (1L << bit)) != 0;
            case LitmusCondition.Not not:
                var operand = Compile(not.Operand);
                return o => !operand(o);
            case LitmusCondition.And and:
                var (left, right) = (Compile(and.Left), Compile(and.Right));
                return o => left(o) && right(o);
            case LitmusCondition.Or or:
                var (either, other) = (Compile(or.Left), Compile(or.Right));
                return o => either(o) || other(o);
            case LitmusCondition.Constant constant:
                return _ => constant.Value;
            default:
                throw new NotSupportedException($"condition {condition.GetType().Name}");
        }
    }

    private int ObserveFault(LitmusCondition.Fault fault)
    {
        if (_faults.Count == MaxFaults)
            throw LitmusException.Unsupported(fault.Position, $"more than {MaxFaults} faults in a condition");
        _faultCode.Add(fault.Label is null ? -1 : _label(fault.Cpu, fault.Label, fault.Position));
        _faults.Add(fault);
        return _faults.Count - 1;
    }
}
