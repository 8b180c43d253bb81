using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Models;

/// <summary>
/// What an audit takes for granted about a kernel: a text file that an engineer can edit (docs/guide/audit.md).
/// </summary>
public sealed class AuditModel
{
    /// <summary>The version of the format that is read.</summary>
    public const int Version = 1;

    private readonly Dictionary<string, NameSet> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Window, MachineKind Machine), List<string>> _roots = [];
    private readonly Dictionary<(string Window, MachineKind Machine), List<string[]>> _needs = [];
    private readonly Dictionary<(string Function, MachineKind Machine), NameSet> _indirect = [];

    internal AuditModel(string name) => Name = name;

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>The per-CPU variable that tells the EQS.</summary>
    public string State { get; internal set; } = "context_tracking";

    /// <summary>Keys that somebody found harmless, each with why.</summary>
    public Dictionary<string, string> Allowed { get; } = new(StringComparer.Ordinal);

    /// <summary>The text of that model, to begin one's own with.</summary>
    public static string DefaultText { get; } = LoadText();

    /// <summary>The model that the tool has, for Linux 6.1 to 7.3.</summary>
    public static AuditModel Default { get; } = LoadDefault();

    /// <summary>Names of a kind: leaves, enters, watching, skip...</summary>
    public NameSet this[string kind]
    {
        get
        {
            if (!_sets.TryGetValue(kind, out var set))
            {
                _sets[kind] = set = new NameSet();
            }

            return set;
        }
    }

    /// <summary>All kinds with their names.</summary>
    public IEnumerable<(string Kind, NameSet Names)> Sets => _sets.Select(s => (s.Key, s.Value));

    /// <summary>Patterns of the functions in which a window's walk begins.</summary>
    public IReadOnlyList<string> Roots(string window, MachineKind machine) =>
        _roots.GetValueOrDefault((window, machine)) ?? [];

    /// <summary>Names without which a window is refused; of alternatives one is enough.</summary>
    public IReadOnlyList<string[]> Needs(string window, MachineKind machine) =>
        _needs.GetValueOrDefault((window, machine)) ?? [];

    /// <summary>Whom a function calls by pointer, or null.</summary>
    public NameSet? Indirect(string function, MachineKind machine) => _indirect.GetValueOrDefault((function, machine));

    internal void AddRoot(string window, MachineKind machine, IEnumerable<string> names) =>
        (_roots.TryGetValue((window, machine), out var list) ? list : _roots[(window, machine)] = []).AddRange(names);

    internal void AddNeed(string window, MachineKind machine, IEnumerable<string> names) =>
        (_needs.TryGetValue((window, machine), out var list) ? list : _needs[(window, machine)] = []).AddRange(
            names.Select(n => n.Split('|'))
        );

    internal void AddIndirect(string function, MachineKind machine, IEnumerable<string> names)
    {
        if (!_indirect.TryGetValue((function, machine), out var set))
        {
            _indirect[(function, machine)] = set = new NameSet();
        }

        foreach (var name in names)
        {
            set.Add(name);
        }
    }

    private static string LoadText()
    {
        using var stream = typeof(AuditModel).Assembly.GetManifestResourceStream("linux.model")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static AuditModel LoadDefault()
    {
        using var reader = new StringReader(DefaultText);
        return ModelReader.Read(reader, "linux.model");
    }
}
