using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Cutoff;

/// <summary>Sorts the fields of a scheme with one kicker and two targets by whose they are.</summary>
internal sealed class FieldOwners
{
    private readonly Dictionary<Field, Owner> _owners = [];

    public FieldOwners(CompiledScheme scheme)
    {
        var fields = scheme.Fields;
        for (var cpu = 0; cpu < fields.Cpus.Length; cpu++)
            AddCpu(fields.Cpus[cpu], (Owner)cpu);
        foreach (var variable in scheme.Scheme.Variables.Values)
            AddVariable(fields, variable);
        foreach (var text in fields.Texts)
            AddStale(text.Stale, text.Cleaned, text.Invalidated, text.Returned, text.Class);
        foreach (var mapping in fields.Mappings.Values)
            AddStale(mapping.Stale, mapping.Returned);
        Add(Owner.Record, [.. fields.Records.Keys]);
    }

    /// <summary>Sets of CPUs in memory or private to a CPU.</summary>
    public HashSet<Field> Sets { get; } = [];

    /// <summary>Private variables: no other CPU sees them.</summary>
    public HashSet<Field> Privates { get; } = [];

    public Owner Of(Field field) => _owners.GetValueOrDefault(field, Owner.Turns);

    private void AddCpu(CpuFields fields, Owner owner)
    {
        Add(owner, [.. fields.Pc, .. fields.Masks, .. fields.Active, .. fields.Messages, .. fields.Registers.Values]);
        Add(owner, [.. fields.Saved.SelectMany(s => s), fields.Device, fields.InKick]);
        Add(owner, [.. fields.Off.Append(fields.DeviceOff).OfType<Field>()]);
        Add(owner, [.. fields.Locks.Values.SelectMany(l => new[] { l.Held, l.Unmasks })]);
    }

    private void AddVariable(SystemFields fields, VariableDeclaration variable)
    {
        var cpus = fields.Cpus.Length;
        var firsts = variable.Storage is Storage.Shared or Storage.Ghost ? 1 : cpus;
        var seconds = variable.Storage == Storage.Pairwise ? cpus : 1;
        for (var first = 0; first < firsts; first++)
        {
            for (var second = 0; second < seconds; second++)
            {
                var field = fields.Variable(variable, first, second);
                Add(
                    variable.Storage switch
                    {
                        Storage.Shared or Storage.Ghost => Owner.Common,
                        Storage.Pairwise when first == second => (Owner)first,
                        Storage.Pairwise when first == 0 || second == 0 => (Owner)(first + second),
                        Storage.Pairwise => Owner.Targets,
                        _ => (Owner)first,
                    },
                    field
                );
                if (variable.Type is SetType)
                    Sets.Add(field);
                if (variable.Storage == Storage.Private)
                    Privates.Add(field);
            }
        }
    }

    private void AddStale(Field[] stale, params IEnumerable<Field> common)
    {
        for (var cpu = 0; cpu < stale.Length; cpu++)
            Add((Owner)cpu, stale[cpu]);
        Add(Owner.Common, [.. common]);
    }

    private void Add(Owner owner, params IEnumerable<Field> fields)
    {
        foreach (var field in fields)
            _owners[field] = owner;
    }
}
