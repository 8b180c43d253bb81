using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Linting;

/// <summary>
/// Looks through a scheme or base for what is well formed and probably not meant: nothing of it changes a verdict by
/// itself. What a base only offers (routines, kicks, policies, paths where it has no roles) may be used by who includes
/// it.
/// </summary>
public sealed class SchemeLint
{
    /// <summary>Knobs that the machine reads by their names (M11; rmw and send under arm).</summary>
    private static readonly string[] s_machineKnobs = ["eis", "eos", "atomics", "gic"];

    private readonly Scheme _scheme;
    private readonly NameUses _uses;
    private readonly HashSet<string> _others;
    private readonly DiagnosticCollection _found = new();

    private SchemeLint(Scheme scheme, IEnumerable<SourceText> others)
    {
        _scheme = scheme;
        _uses = new NameUses(scheme);
        _others =
        [
            .. Includers
                .Of(scheme, others)
                .SelectMany(o => Lexer.Scan(o, new DiagnosticCollection()))
                .Where(t => t.Kind == TokenKind.Word)
                .Select(t => t.Text),
        ];
    }

    /// <summary>What was found, codes LK0800 and up.</summary>
    /// <param name="scheme">The scheme or base.</param>
    /// <param name="others">Files that may include it, for a base: what one of them names is used.</param>
    public static DiagnosticCollection Of(Scheme scheme, params IEnumerable<SourceText> others)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        var lint = new SchemeLint(scheme, scheme.IsBase ? others : []);
        lint.Knobs();
        lint.Variables();
        lint.Messages();
        lint.Paths();
        lint.Places();
        lint.Texts();
        lint.Blocks();
        lint.Doors();
        return lint._found;
    }

    private void Knobs()
    {
        foreach (var knob in _scheme.Knobs.Values.Where(k => !_uses.Reads.Contains(k.Name)))
        {
            if (!s_machineKnobs.Contains(knob.Name) && !_others.Contains(knob.Name))
            {
                Report(
                    "LK0800",
                    knob.Span,
                    $"nothing reads the knob '{knob.Name}'",
                    "use it in a 'when', or drop it"
                );
            }
        }
    }

    private void Variables()
    {
        foreach (var variable in _scheme.Variables.Values.Where(v => !_others.Contains(v.Name)))
        {
            var (reads, writes) = (_uses.Reads.Contains(variable.Name), _uses.Writes.Contains(variable.Name));
            var isKept = _uses.Returned.Contains(variable.Name);
            var (what, hint) = (reads || isKept, writes) switch
            {
                (false, false) => ($"no step uses '{variable.Name}'", "drop it"),
                (false, true) when variable.Storage != Storage.Private => (
                    $"'{variable.Name}' is written, and nothing reads it",
                    "is a test missing?"
                ),
                (true, false) when variable.Initial is null or NumberExpression => (
                    $"'{variable.Name}' is read, and nothing writes it",
                    "is a step missing?"
                ),
                _ => (null, ""),
            };
            if (what is not null)
                Report("LK0801", variable.Span, what, hint);
        }
    }

    private void Messages()
    {
        foreach (var message in _scheme.MessageKinds.Values.Where(m => !_others.Contains(m.Name)))
        {
            var kind = Handlers.Kinds.First(k => k.Trigger == message.Arrives).Word;
            if (!_uses.Sent.Contains(message.Name))
            {
                Report("LK0802", message.Span, $"no step sends '{message.Name}'", "drop it, or send it");
            }
            else if (!IsOffer() && _scheme.Paths.Values.All(p => p.Trigger != message.Arrives))
            {
                Report(
                    "LK0802",
                    message.Span,
                    $"'{message.Name}' is sent, and no path is 'on {kind}'",
                    $"write a handler: path NAME on {kind} from kernel"
                );
            }
        }

        if (_uses is { Sent.Count: > 0, Discovers: false } && !IsOffer() && !_others.Contains("discover"))
        {
            Report(
                "LK0802",
                _scheme.Header.Span,
                "messages are sent, and no step takes one by 'discover': each stays pending for ever",
                "begin the handler with: discover m"
            );
        }
    }

    /// <summary>A base of routines: the paths come from who includes it.</summary>
    private bool IsOffer() => _scheme.IsBase && _scheme.Paths.Count == 0;

    /// <summary>Paths that no role takes, and kinds of exceptions that a role takes from one mode only.</summary>
    private void Paths()
    {
        var takers = _scheme.Roles.Values.ToList();
        if (takers.Count == 0)
            return;
        foreach (var path in _scheme.Paths.Values.Where(p => !IsNamed(p.Name, _uses.Called)))
            Report("LK0803", path.Span, $"no role takes the path '{path.Name}'", $"write: takes {path.Name}");
        foreach (var role in takers)
        {
            var kernel = Handlers.TakenBy(_scheme, role, "kernel").ToHashSet();
            if (role.Starts.All(s => s.Place.Text != "user"))
                continue;
            var user = Handlers.TakenBy(_scheme, role, "user").ToHashSet();
            foreach (
                var (trigger, word) in Handlers.Kinds.Where(k =>
                    k.Trigger is Trigger.Irq or Trigger.Fiq or Trigger.Nmi or Trigger.SError
                    && kernel.Contains(k.Trigger) != user.Contains(k.Trigger)
                )
            )
            {
                var (has, lacks) = kernel.Contains(trigger) ? ("kernel", "user") : ("user", "kernel");
                if (lacks == "user" || CanCome(trigger))
                {
                    Report(
                        "LK0804",
                        role.Span,
                        $"role '{role.Name}' takes {word} from {has} and not from {lacks}",
                        $"write a path 'on {word} from {lacks}', or say in an 'assume' why none comes there"
                    );
                }
            }
        }
    }

    /// <summary>Some code of the kernel lets it in.</summary>
    private bool CanCome(Trigger trigger)
    {
        var mask = trigger switch
        {
            Trigger.Irq => ExceptionMasks.I,
            Trigger.Fiq => ExceptionMasks.F,
            Trigger.SError => ExceptionMasks.A,
            _ => ExceptionMasks.None,
        };
        return mask == ExceptionMasks.None
            || _scheme
                .AllSteps()
                .Any(s => s is InheritMasksStep || (s is MaskStep { Set: false } m && m.Classes.HasFlag(mask)));
    }

    private void Places()
    {
        foreach (var place in _scheme.Places.Values)
        {
            var starts = _scheme.Roles.Values.Any(r => r.Starts.Any(s => s.Place.Text == place.Name));
            var leaves = _scheme.Paths.Values.Any(p => p.From == place.Name);
            if (_scheme.Roles.Count > 0 && !starts)
                Report("LK0805", place.Span, $"no role starts at '{place.Name}'", "a path ends where it began (M12)");
            else if (!leaves && _scheme.Roles.Count == 0)
                Report("LK0805", place.Span, $"no path begins at '{place.Name}'", "drop it, or write a path from it");
        }
    }

    private void Texts()
    {
        foreach (var text in _scheme.Texts.Values.Where(t => !IsNamed(t.Name, _uses.Changed)))
            Report("LK0806", text.Span, $"no step writes the text '{text.Name}'", "S1 says nothing without a write");
        foreach (var mapping in _scheme.Mappings.Values.Where(m => !IsNamed(m.Name, _uses.Changed)))
            Report("LK0806", mapping.Span, $"no step changes the mapping '{mapping.Name}'", "S9 needs an 'unmap'");
        var all = _scheme.Texts.Values.Select(t => (t.Name, t.Span)).Concat(
            _scheme.Mappings.Values.Select(m => (m.Name, m.Span))
        );
        foreach (
            var (name, span) in all.Where(t =>
                _uses.Changed.Contains(t.Name) && !_uses.Returned.Contains(t.Name) && !_others.Contains(t.Name)
            )
        )
        {
            Report(
                "LK0806",
                span,
                $"'{name}' changes, and no kick returns for it",
                $"write: kick NAME returns {name}; else nobody promises that it is new"
            );
        }
    }

    /// <summary>The scheme or a file that includes it does that with the name.</summary>
    private bool IsNamed(string name, HashSet<string> uses) => uses.Contains(name) || _others.Contains(name);

    /// <summary>Blocks of a scheme that nothing calls; those of a base are there for others.</summary>
    private void Blocks()
    {
        if (_scheme.IsBase)
            return;
        // What a trace is priced by needs no caller.
        foreach (
            var (what, name, span) in _scheme
                .Routines.Values.Select(r => ("routine", r.Name, r.Span))
                .Concat(_scheme.Kicks.Values.Select(k => ("kick", k.Name, k.Span)))
                .Concat(
                    _scheme.Policies.Values.Where(p => p.TraceSkip is null).Select(p => ("policy", p.Name, p.Span))
                )
        )
        {
            if (!_uses.Called.Contains(name))
                Report("LK0807", span, $"nothing calls the {what} '{name}'", "drop it, or call it");
        }
    }

    /// <summary>Entries and returns in words of another architecture, and ways in where nothing synchronises.</summary>
    private void Doors()
    {
        foreach (var step in _scheme.AllSteps().OfType<SyncStep>())
        {
            if (EntryWords.Foreign(step, _scheme.Arch) is { } word)
            {
                Report(
                    "LK0808",
                    step.Span,
                    $"'{word}' is not of {_scheme.Arch}: it synchronises as another architecture does (M11)",
                    $"the words of {_scheme.Arch} are {string.Join(", ", EntryWords.Of(_scheme.Arch))}"
                );
            }
        }

        if (_scheme.Texts.Count == 0 || !EntryWords.EntersWithoutSynchronising(_scheme.Arch) || !Skips())
            return;
        foreach (var path in _scheme.Paths.Values.Where(p => p.From == "user"))
        {
            if (BeforeSynchronising(path.Body, []) is { } code)
            {
                Report(
                    "LK0809",
                    code.Span,
                    $"'{path.Name}' comes here without a step that synchronises, as an exception of "
                        + $"{_scheme.Arch} does not",
                    "whoever is skipped in user mode may run old text here: write what synchronises, or say in an "
                        + "'assume' why the text before it never changes"
                );
            }
        }
    }

    /// <summary>Some policy may skip a CPU.</summary>
    private bool Skips() =>
        _scheme.Policies.Values.Any(p =>
            p.Ask is not null || p.SkipWhen is not (null or NumberExpression { Value: 0 })
        );

    /// <summary>The first ordinary code on the way, before anything that synchronises; null if there is none.</summary>
    private Step? BeforeSynchronising(IReadOnlyList<Step> steps, HashSet<string> open)
    {
        foreach (var step in steps)
        {
            if (Synchronises(step, open))
                return null;
            if (step is CodeStep { Kind: not CodeStepKind.Plain } or CallStep { Opaque: true })
                return step;
            var inner = step is CallStep { Opaque: false } call && open.Add(call.Name)
                ? [_scheme.Routines.GetValueOrDefault(call.Name)?.Body ?? []]
                : step.Blocks;
            foreach (var block in inner)
            {
                if (BeforeSynchronising(block, open) is { } found)
                    return found;
            }
        }

        return null;
    }

    /// <summary>It synchronises, or a step within it does: which branch is taken is not looked at.</summary>
    private bool Synchronises(Step step, HashSet<string> open) =>
        step is SyncStep { Kind: SyncKind.Serialize or SyncKind.Iret or SyncKind.Isb }
        || step.Blocks.Any(b => b.Any(s => Synchronises(s, open)))
        || (
            step is CallStep { Opaque: false } call
            && !open.Contains(call.Name)
            && (_scheme.Routines.GetValueOrDefault(call.Name)?.Body ?? []).Any(s =>
                Synchronises(s, [.. open, call.Name])
            )
        );

    /// <summary>Of its own file: what it includes is looked through by itself.</summary>
    private void Report(string code, SourceSpan span, string message, string hint)
    {
        if (span.Source == _scheme.Header.Span.Source)
            _found.Report(code, span, message, hint);
    }
}
