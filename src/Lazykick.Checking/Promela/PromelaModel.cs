using System.Text;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Promela;

/// <summary>
/// A scheme as a model for Spin: one process for each CPU, one <c>d_step</c> for each move of the compiled scheme, so
/// that pan has the same states and transitions under <c>sc</c>.
/// </summary>
public sealed class PromelaModel
{
    private readonly CompiledScheme _scheme;
    private readonly Dictionary<Field, string> _names = [];
    private readonly PromelaValue _values;
    private readonly StringBuilder _text = new();
    private readonly List<ulong[]> _starts;

    private PromelaModel(CompiledScheme scheme)
    {
        _scheme = scheme;
        _starts = [.. InitialStates.Of(scheme)];
        foreach (var field in scheme.Fields.Layout.Fields.Where(f => f.Width > 0))
            _names[field] = NameOf(field);
        _values = new PromelaValue(_names);
        var violable = scheme.Properties.Where(p => p.CanBeViolated).Select(p => p.Property.Id);
        Checked = [.. violable.Where(p => p != S8Return.Name)];
    }

    /// <summary>The model.</summary>
    public string Text => _text.ToString();

    /// <summary>The properties that the model checks where it is generated with the macro of <see cref="MacroOf"/>.
    /// S8 is none of them: that something can be reached from every state is no formula of Spin's.</summary>
    public IReadOnlyList<string> Checked { get; }

    /// <summary>
    /// States that pan stores beyond those of the scheme, and transitions that it counts beyond the scheme's moves: its
    /// first state counts as one, and with several starts it chooses one first.
    /// </summary>
    public (int States, int Transitions) More => _starts.Count == 1 ? (0, 1) : (1, 1 + _starts.Count);

    /// <summary>Makes the model of a scheme under <c>sc</c>; null if something was reported.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="options">CPUs and knobs.</param>
    /// <param name="diagnostics">Gets mistakes that only show with these knobs.</param>
    public static PromelaModel? Of(Scheme scheme, CheckOptions options, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(options);
        var strong = options with { Memory = Memory.MemoryModel.Sc };
        if (SchemeCheck.Compile(scheme, strong, diagnostics) is not { } compiled)
            return null;
        var model = new PromelaModel(compiled);
        model.Write(strong);
        return model;
    }

    /// <summary>The macro with which a property is checked: <c>spin -a -DCHECK_S1</c>.</summary>
    public static string MacroOf(string property) => $"CHECK_{Identifier(property)}";

    private void Write(CheckOptions options)
    {
        var scheme = _scheme.Scheme;
        var knobs = scheme.Knobs.Values.Where(k => _scheme.Knobs[k.Name] != k.Default).ToList();
        var with = knobs.Count == 0 ? "" : ", with "
            + $"{string.Join(' ', knobs.Select(k => $"{k.Name}={k.Values[_scheme.Knobs[k.Name]]}"))}";
        Line($"/* {Plain($"{scheme.Name}: {scheme.Title}")}");
        Line($" * {options.Cpus} CPUs under sc{Plain(with)}. Made by lazykick export --promela from the compiled "
            + "scheme: a process for");
        Line(" * each CPU, a d_step for each move.");
        Line(" *");
        Line(" *   spin -a MODEL && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan");
        Line(" *");
        Line(
            _starts.Count == 1
                ? " * pan stores as many states as 'lazykick check --memory sc' has, and counts one transition more, "
                    + "its first state."
                : $" * pan stores one state more than 'lazykick check --memory sc' has, and counts {More.Transitions} "
                    + "transitions more: it begins"
        );
        if (_starts.Count > 1)
            Line($" * in a state of its own, and chooses one of {_starts.Count} states to start in.");
        if (Checked.Count > 0)
        {
            Line(" * Without a macro nothing is checked. To check: "
                + $"{string.Join(", ", Checked.Select(p => $"-D{MacroOf(p)}"))}.");
            Line(" * pan -DBFS finds a shortest race then, of the length that check prints.");
        }

        Line(" * Not here: S8, as 'from every state the kick can return' is no formula of Spin's. */");
        Line("");
        Fields();
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
            Cpu(cpu);
        if (_starts.Count > 1)
            Choice();
    }

    private void Fields()
    {
        var isOne = _starts.Count == 1;
        foreach (var field in _scheme.Fields.Layout.Fields.Where(f => f.Width > 0))
        {
            var type = (field.Low, field.High) switch
            {
                ( >= 0, <= 1) => "bit  ",
                ( >= 0, <= 255) => "byte ",
                ( >= short.MinValue, <= short.MaxValue) => "short",
                _ => "int  ",
            };
            var start = isOne ? field.Read(_starts[0]) : 0;
            Line($"{type} {_names[field]}{(start == 0 ? "" : $" = {_values.Number(start)}")};  /* {Plain(field.Name)}: "
                + $"{field.Low} to {field.High} */");
        }

        Line("");
    }

    private void Cpu(int cpu)
    {
        Line($"/* CPU{cpu}: {_scheme.Scheme.RoleOf(cpu).Name} */");
        Line($"{(_starts.Count == 1 ? "active " : "")}proctype cpu{cpu}() {{");
        Line($"end{cpu}:");
        Line("\tdo");
        var places = new Dictionary<Move, List<(int Level, int Pc)>>();
        var order = new List<Move>();
        foreach (var (instruction, level, pc) in Positions(cpu))
        {
            foreach (var move in instruction.Moves)
            {
                if (!places.TryGetValue(move, out var where))
                {
                    places[move] = where = [];
                    order.Add(move);
                }

                where.Add((level, pc));
            }
        }

        foreach (var move in order)
            Move(cpu, move, places[move]);
        foreach (var name in Checked.Where(p => p is S1Text.Name or S1Windows.Name))
            Fetch(cpu, name);
        if (cpu == 0)
            Keep();
        Line("\tod");
        Line("}");
        Line("");
    }

    private void Move(int cpu, Move move, List<(int Level, int Pc)> places)
    {
        var at = move.Instruction;
        var what = $"{(move.Enters is null ? "" : $"{move.Enters}: ")}{at.Text}"
            + $"{(move.Note is null ? "" : $" ({move.Note})")}";
        Line($"\t/* {Plain($"{at.Path}: {what}  {Path.GetFileName(at.Span.Source.Path)}:{at.Span.Line}")} */");
        var guard = At(cpu, places);
        if (move.Guard is not null)
            guard = $"{guard} && ({move.Guard.Form(_values)})";
        Line($"\t:: d_step {{ {guard} ->");
        foreach (var check in move.Checks)
        {
            var name = _scheme.Properties[check.Property].Property.Id;
            if (!Checked.Contains(name))
                continue;
            Line($"#ifdef {MacroOf(name)}");
            Line($"\t\tassert(!({check.Violated.Form(_values)}));");
            Line("#endif");
        }

        var count = 0;
        foreach (var (field, value) in move.Effects)
        {
            var (low, high) = ValueRange.Of(value);
            var form = value.Form(_values);
            if (low < field.Low || high > field.High)
                Line($"\t\tassert({form} >= {field.Low} && {form} <= {field.High});");
            if (field.Width == 0)
                continue;
            Line($"\t\t{_names[field]} = {form};");
            count++;
        }

        if (count == 0)
            Line("\t\tskip");
        Line("\t}");
    }

    /// <summary>
    /// A step that is never taken and reads everything: what no step reads, spin would leave out of the state (its
    /// option -o2), and count states as one that the scheme tells apart.
    /// </summary>
    private void Keep()
    {
        Line("\t/* never: it keeps variables that nothing reads in the state */");
        Line($"\t:: d_step {{ (false && ({string.Join(" || ", _names.Values.DefaultIfEmpty("false"))})) -> skip }}");
    }

    /// <summary>The fetch of old text, which counts as the last move of a race (M22).</summary>
    private void Fetch(int cpu, string property)
    {
        var ordinary = property == S1Text.Name;
        var conditions = new List<string>();
        foreach (var text in _scheme.Fields.Texts.Where(t => t.Stale[cpu].High > 0 && t.Returned.High > 0))
        {
            var groups = Positions(cpu)
                .Where(p => p.Instruction.IsKernelText && (!ordinary || p.Instruction.IsOrdinary))
                .GroupBy(p => ClassOf(text, p.Instruction), p => (p.Level, p.Pc));
            foreach (var group in groups)
            {
                var ofClass = group.Key < 0 ? "" : $" && {_values.Read(text.Class)} == {group.Key}";
                conditions.Add(
                    $"{_values.Read(text.Stale[cpu])} && {_values.Read(text.Returned)}{ofClass} && "
                        + $"{At(cpu, [.. group])}"
                );
            }
        }

        if (conditions.Count == 0)
            return;
        Line($"#ifdef {MacroOf(property)}");
        var watched = ordinary ? $" && {_values.Not(_scheme.Eqs[cpu].Form(_values))}" : "";
        Line($"\t:: d_step {{ ({string.Join("\n\t\t|| ", conditions.Select(c => $"({c})"))}){watched} -> assert(false) "
            + "}");
        Line("#endif");
    }

    /// <summary>
    /// The class that text must be of at a position to be the text there (M18); -1: it may be anywhere.
    /// </summary>
    private static int ClassOf(TextFields text, Instruction instruction)
    {
        var classes = text.Declaration.Classes;
        if (classes.Count == 0)
            return -1;
        return instruction.Sections.Select(s => classes.ToList().IndexOf(s)).FirstOrDefault(c => c >= 0, 0);
    }

    private IEnumerable<(Instruction Instruction, int Level, int Pc)> Positions(int cpu) =>
        _scheme.Cpus[cpu].Levels.SelectMany((l, level) => l.Select((i, at) => (i, level, level == 0 ? at : at + 1)));

    /// <summary>The CPU's top frame stands at one of these positions.</summary>
    private string At(int cpu, List<(int Level, int Pc)> places)
    {
        var pcs = _scheme.Fields.Cpus[cpu].Pc;
        var levels = _scheme.Cpus[cpu].Levels.Count;
        var parts = new List<string>();
        foreach (var level in places.GroupBy(p => p.Level, p => p.Pc))
        {
            // No frame above it.
            var above = Enumerable.Range(level.Key + 1, levels - level.Key - 1).Select(l => $"{_values.Read(pcs[l])} "
                + "== 0");
            var here = Runs([.. level.Order()]).Select(
                r => Within(_values.Read(pcs[level.Key]), r.First, r.Last)
            ).ToList();
            parts.Add(string.Join(" && ", above.Prepend(here.Count == 1 ? here[0] : $"({string.Join(" || ", here)})")));
        }

        return parts.Count == 1 ? $"({parts[0]})" : $"({string.Join(" || ", parts.Select(p => $"({p})"))})";
    }

    private static string Within(string pc, int first, int last) =>
        first == last ? $"{pc} == {first}" : $"({pc} >= {first} && {pc} <= {last})";

    private static IEnumerable<(int First, int Last)> Runs(int[] numbers)
    {
        for (var i = 0; i < numbers.Length;)
        {
            var last = i;
            while (last + 1 < numbers.Length && numbers[last + 1] == numbers[last] + 1)
                last++;
            yield return (numbers[i], numbers[last]);
            i = last + 1;
        }
    }

    private void Choice()
    {
        Line("init {");
        Line("\tatomic {");
        Line("\t\tif");
        foreach (var start in _starts)
        {
            var values = _names.Where(n => n.Key.Read(start) != 0).Select(n => $"{n.Value} = "
                + $"{_values.Number(n.Key.Read(start))}");
            Line($"\t\t:: {string.Join("; ", values.DefaultIfEmpty("skip"))}");
        }

        Line("\t\tfi;");
        Line($"\t\t{string.Join("; ", _scheme.Cpus.Select((_, cpu) => $"run cpu{cpu}()"))}");
        Line("\t}");
        Line("}");
    }

    // No name of the language, of C or of pan begins so; two fields that would get one name get numbers.
    private string NameOf(Field field)
    {
        var name = $"v_{Identifier(field.Name)}";
        return _names.ContainsValue(name) ? $"{name}_{field.Id}" : name;
    }

    private static string Identifier(string name)
    {
        var letters = name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').ToArray();
        return new string(letters).TrimEnd('_');
    }

    /// <summary>Text that ends no remark, and no line of the preprocessor.</summary>
    private static string Plain(string text) =>
        new([
            .. text.Replace("*/", "* /", StringComparison.Ordinal)
                .Replace("/*", "/ *", StringComparison.Ordinal)
                .Select(c => char.IsControl(c) || c is '\\' or '"' or '\'' ? ' ' : c),
        ]);

    private void Line(string text) => _text.Append(text).Append('\n');
}
