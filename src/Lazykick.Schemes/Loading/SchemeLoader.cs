using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Puts a scheme together from its file and what that includes, and checks it.</summary>
public sealed class SchemeLoader
{
    private const int MaxIncludeDepth = 16;
    private const int MaxDeclarations = 2000;
    private static readonly string[] s_architectures = ["arm64", "x86_64", "powerpc", "riscv64", "loongarch64"];

    private readonly ISchemeFiles _files;
    private readonly DiagnosticCollection _diagnostics;
    private readonly HashSet<string> _included = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private readonly Scheme _scheme;
    private int _declarations;

    private SchemeLoader(ISchemeFiles files, DiagnosticCollection diagnostics, Scheme scheme)
    {
        _files = files;
        _diagnostics = diagnostics;
        _scheme = scheme;
    }

    /// <summary>
    /// Loads a scheme; null if anything was reported. A base is read but not checked: what it names may come from the
    /// scheme.
    /// </summary>
    /// <param name="source">Its file.</param>
    /// <param name="files">Where its includes come from.</param>
    /// <param name="diagnostics">Gets every mistake.</param>
    public static Scheme? Load(SourceText source, ISchemeFiles files, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var file = Parser.Parse(source, diagnostics);
        var header = file.Declarations.OfType<HeaderDeclaration>().FirstOrDefault();
        if (header is null)
        {
            if (diagnostics.Count == 0)
            {
                diagnostics.Report(
                    "LK0100",
                    new SourceSpan(source, 0, 0),
                    "the file does not say what scheme it is",
                    "begin with: scheme NAME \"one line about it\""
                );
            }

            return null;
        }

        var scheme = new Scheme(header);
        var loader = new SchemeLoader(files, diagnostics, scheme);
        loader._open.Add(Path.GetFileNameWithoutExtension(source.Path));
        loader.Merge(file, 0);
        if (diagnostics.Count == 0 && !scheme.IsBase)
            Check(scheme, diagnostics);
        return diagnostics.Count == 0 ? scheme : null;
    }

    private static void Check(Scheme scheme, DiagnosticCollection diagnostics)
    {
        var parameters = new ParameterExpander(scheme, diagnostics);
        parameters.Expand();
        if (diagnostics.Count == 0)
            SchemeChecker.Check(scheme, diagnostics);
        diagnostics.Explain(d => parameters.MeaningAt(d.Span));
    }

    /// <summary>Loads a scheme of the catalogue; null if there is none of that name.</summary>
    /// <exception cref="InvalidDataException">The catalogue itself is broken.</exception>
    public static Scheme? FromCatalogue(string name)
    {
        if (Catalogue.Instance.Find(name) is not { } source)
            return null;
        var diagnostics = new DiagnosticCollection();
        return Load(source, Catalogue.Instance, diagnostics)
            ?? throw new InvalidDataException(string.Concat(diagnostics.Select(d => d.Render())));
    }

    private void Merge(SchemeFile file, int depth)
    {
        _declarations += file.Declarations.Count;
        if (_declarations > MaxDeclarations)
        {
            Report(
                "LK0114",
                _scheme.Header.Span,
                $"the scheme and what it includes have more than {MaxDeclarations} declarations",
                "a scheme is a page; is this the right file?"
            );
            return;
        }

        foreach (var declaration in file.Declarations)
        {
            switch (declaration)
            {
                case HeaderDeclaration header:
                    if (depth > 0 && !header.IsBase)
                        break;
                    if (depth == 0 && header != _scheme.Header)
                        Report("LK0101", header.Span, "a second header", "a file holds one scheme");
                    break;
                case IncludeDeclaration include:
                    Include(include, depth);
                    break;
                default:
                    Declare(declaration);
                    break;
            }
        }

        _scheme.FileList.Add(file.Source);
    }

    private void Include(IncludeDeclaration include, int depth)
    {
        if (_open.Contains(include.Name))
        {
            Report(
                "LK0115",
                include.Span,
                $"'{include.Name}' includes itself{(_open[^1] == include.Name ? "" : $", by way of '{_open[^1]}'")}",
                "leave the line out: a file that is included knows what its includer declares"
            );
            return;
        }

        if (!_included.Add(include.Name))
            return;
        if (depth >= MaxIncludeDepth)
        {
            Report("LK0102", include.Span, $"includes nest deeper than {MaxIncludeDepth}", null);
            return;
        }

        if (_files.Find(include.Name) is { } source)
        {
            _open.Add(include.Name);
            Merge(Parser.Parse(source, _diagnostics), depth + 1);
            _open.RemoveAt(_open.Count - 1);
        }
        else
        {
            Report(
                "LK0103",
                include.Span,
                $"there is no '{include.Name}.kick' beside this file or in the catalogue",
                Suggestion.For(include.Name, _files.Names)
            );
        }
    }

    private void Declare(Declaration declaration)
    {
        switch (declaration)
        {
            case FactDeclaration fact:
                Fact(fact);
                break;
            case AssumeDeclaration assume:
                _scheme.AssumptionList.Add(assume);
                break;
            case PromiseDeclaration promise:
                _scheme.PromiseList.Clear();
                _scheme.PromiseList.AddRange(promise.Properties);
                break;
            case KnobDeclaration knob:
                Add(
                    _scheme.KnobTable,
                    knob.Name,
                    new Knob(knob.Name, knob.Values, knob.Default, knob.Span),
                    knob.Span,
                    "knob"
                );
                break;
            case SetDeclaration set:
                Set(set);
                break;
            case VariableDeclaration variable:
                Add(_scheme.VariableTable, variable.Name, variable, variable.Span, "variable");
                break;
            case TextDeclaration text:
                Add(_scheme.TextTable, text.Name, text, text.Span, "text location");
                break;
            case MappingDeclaration mapping:
                Add(_scheme.MappingTable, mapping.Name, mapping, mapping.Span, "mapping");
                break;
            case PlaceDeclaration place:
                Add(_scheme.PlaceTable, place.Name, place, place.Span, "place");
                break;
            case StateDeclaration state:
                Add(_scheme.StateTable, state.Name, state, state.Span, "state");
                break;
            case MessageDeclaration message:
                Add(_scheme.MessageTable, message.Name, message, message.Span, "message");
                break;
            case NestingDeclaration nesting:
                _scheme.Nesting = nesting.Depth;
                break;
            case CastDeclaration cast:
                _scheme.Cast = [.. cast.Roles.Select(r => r.Text)];
                foreach (var role in cast.Roles.Where(r => !_scheme.Roles.ContainsKey(r.Text)))
                {
                    Report(
                        "LK0110",
                        role.Span,
                        $"there is no role '{role.Text}'",
                        Suggestion.For(role.Text, _scheme.Roles.Keys)
                    );
                }

                break;
            case RoleDeclaration role:
                Put(_scheme.RoleTable, role.Name, role, role.Override, role.Span, "role");
                break;
            case RoutineDeclaration routine:
                Put(_scheme.RoutineTable, routine.Name, routine, routine.Override, routine.Span, "routine");
                break;
            case PathDeclaration path:
                Put(_scheme.PathTable, path.Name, path, path.Override, path.Span, "path");
                break;
            case KickDeclaration kick:
                Put(_scheme.KickTable, kick.Name, kick, kick.Override, kick.Span, "kick");
                break;
            case PolicyDeclaration policy:
                Put(_scheme.PolicyTable, policy.Name, policy, policy.Override, policy.Span, "policy");
                break;
            case PatchDeclaration patch:
                Apply(patch);
                break;
        }
    }

    private void Fact(FactDeclaration fact)
    {
        switch (fact.Key)
        {
            case "arch" when s_architectures.Contains(fact.Value):
                _scheme.Arch = fact.Value;
                break;
            case "arch":
                Report(
                    "LK0105",
                    fact.Span,
                    $"'{fact.Value}' is not an architecture of this product",
                    $"{string.Join(", ", s_architectures[..^1])} or {s_architectures[^1]}"
                );
                break;
            case "kernel":
                _scheme.Kernel = fact.Value;
                break;
            default:
                _scheme.SourceList.Add(fact.Value);
                break;
        }
    }

    private void Set(SetDeclaration set)
    {
        if (!_scheme.KnobTable.TryGetValue(set.Name, out var knob))
        {
            Report("LK0106", set.Span, $"there is no knob '{set.Name}'", Suggestion.For(set.Name, _scheme.Knobs.Keys));
            return;
        }

        var value = knob.Values.ToList().IndexOf(set.Value);
        if (value < 0)
        {
            Report(
                "LK0107",
                set.Span,
                $"'{set.Value}' is not a value of knob '{set.Name}'",
                $"its values: {string.Join(", ", knob.Values)}"
            );
        }
        else
        {
            _scheme.KnobTable[set.Name] = knob with { Default = value };
        }
    }

    private void Add<T>(OrderedDictionary<string, T> table, string name, T item, SourceSpan span, string what)
    {
        if (!table.TryAdd(name, item))
            Report("LK0104", span, $"a second {what} '{name}'", null);
    }

    private void Put<T>(
        OrderedDictionary<string, T> table,
        string name,
        T item,
        bool replaces,
        SourceSpan span,
        string what
    )
    {
        if (replaces && !table.ContainsKey(name))
            Report("LK0108", span, $"there is no {what} '{name}' to override", Suggestion.For(name, table.Keys));
        else if (!replaces && table.ContainsKey(name))
            Report("LK0104", span, $"a second {what} '{name}'", $"write 'override {what} {name}' to replace the first");
        else
            table[name] = item;
    }

    private void Apply(PatchDeclaration patch)
    {
        if (_scheme.RoutineTable.TryGetValue(patch.Block, out var routine))
        {
            _scheme.RoutineTable[patch.Block] = routine with { Body = Patch(routine, patch) };
        }
        else if (_scheme.PathTable.TryGetValue(patch.Block, out var path))
        {
            _scheme.PathTable[patch.Block] = path with { Body = Patch(path, patch) };
        }
        else if (_scheme.KickTable.TryGetValue(patch.Block, out var kick))
        {
            _scheme.KickTable[patch.Block] = kick with { Body = Patch(kick, patch) };
        }
        else
        {
            Report(
                "LK0109",
                patch.Span,
                $"there is no routine, path or kick '{patch.Block}'",
                Suggestion.For(patch.Block, [.. _scheme.Routines.Keys, .. _scheme.Paths.Keys, .. _scheme.Kicks.Keys])
            );
        }
    }

    private IReadOnlyList<Step> Patch(BlockDeclaration block, PatchDeclaration patch)
    {
        var patcher = new Patcher(patch);
        var body = patcher.Rewrite(block.Body);
        if (patcher.Found == 0)
        {
            Report(
                "LK0111",
                patch.Span,
                $"'{block.Name}' has no label '@{patch.LabelName}'",
                Suggestion.For(patch.LabelName, Patcher.Labels(block.Body))
                    ?? "it has no labels: write one before the step, or replace the whole with 'override'"
            );
        }
        else if (patcher.Found > 1)
        {
            Report(
                "LK0112",
                patch.Span,
                $"'{block.Name}' has the label '@{patch.LabelName}' {patcher.Found} times",
                "a label stands once in a block"
            );
        }

        return body;
    }

    private void Report(string code, SourceSpan span, string message, string? hint) =>
        _diagnostics.Report(code, span, message, hint);
}
