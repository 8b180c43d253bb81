using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Reports;

/// <summary>Makes the report of a window from a walk.</summary>
internal sealed class WindowBuilder
{
    private readonly WalkContext _context;
    private readonly KernelImage _image;
    private readonly string _name;
    private readonly string? _refused;
    private readonly WalkOutcome? _outcome;

    public WindowBuilder(WalkContext context, string name, WalkOutcome? outcome)
    {
        _context = context;
        _image = context.Image;
        _name = name;
        _outcome = outcome;
        _refused = Refusals.Why(context, name);
    }

    /// <summary>Keys of the sites.</summary>
    public IEnumerable<ulong> Keys => Places().Select(p => KeyOf(p.Kind, p.Address)).Where(k => k != 0).Distinct();

    public WindowReport Build(KeyTable keys)
    {
        if (_refused is not null || _outcome is null)
        {
            return new WindowReport(_name, _refused ?? "no function of the model's roots is in the image");
        }

        var sites = Places()
            .GroupBy(p => (p.Kind, p.Address))
            .Select(g => Site(g.Key.Kind, g.Key.Address, g.Select(p => p.Node), keys))
            .ToList();
        sites.AddRange(Probes());
        var functions = _outcome
            .Nodes.SelectMany(n => n.InEqs)
            .Where(f => IsHere(f.State))
            .Select(f => f.Function)
            .Distinct()
            .Count();
        return new WindowReport(_name, null)
        {
            Roots = [.. _outcome.Roots.Select(r => _image.Place(r.Function)).Order(StringComparer.Ordinal)],
            Functions = functions,
            Sites =
            [
                .. sites.OrderBy(s => s.Kind).ThenBy(s => s.Key?.Name, StringComparer.Ordinal).ThenBy(s => s.Address),
            ],
            Atomics = Atomics(),
            AtomicRoots =
            [
                .. _outcome
                    .Nodes.Where(n => n.Transitions.Any(t => t.State is RcuState.Entering or RcuState.Leaving))
                    .SelectMany(n => _outcome.RootsOf(n))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            Unmasks =
            [
                .. _outcome
                    .Nodes.SelectMany(n => n.Unmasks)
                    .Where(u => IsHere(u.State))
                    .Select(u => _image.Place(u.Address))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            Barriers =
                _name == "exit"
                    ? []
                    :
                    [
                        .. _outcome
                            .Nodes.SelectMany(n => n.Barriers)
                            .Distinct()
                            .Select(b => $"{b.What} at {_image.Place(b.Address)}")
                            .Order(StringComparer.Ordinal),
                    ],
            FirstTexts = _name == "exit" ? [] : FirstTexts(),
            Ends = Ends(),
            Limits = _outcome.Limits,
        };
    }

    private bool IsHere(RcuState state) =>
        _name switch
        {
            "entry" => state == RcuState.Entering,
            "exit" => state == RcuState.Leaving,
            _ => state is RcuState.Leaving or RcuState.Entering,
        };

    private IEnumerable<(SiteKind Kind, ulong Address, WalkNode Node)> Places() =>
        _outcome is null || _refused is not null
            ? []
            : _outcome.Nodes.SelectMany(n => n.Sites.Where(s => IsHere(s.State)).Select(s => (s.Kind, s.Address, n)));

    private ulong KeyOf(SiteKind kind, ulong address) =>
        kind switch
        {
            SiteKind.StaticKey => _image.Tables.Jumps[address].Key,
            SiteKind.StaticCall => _image.Tables.Calls[address].Key,
            _ => 0,
        };

    private AuditSite Site(SiteKind kind, ulong address, IEnumerable<WalkNode> nodes, KeyTable keys)
    {
        var key = KeyOf(kind, address) is var k and not 0 ? keys[k] : null;
        var sealing = key?.Sealing ?? (kind == SiteKind.Alternative ? Sealing.BootOnly : Sealing.Tools);
        return Place(kind, address, key, sealing, [.. nodes]);
    }

    private AuditSite Place(SiteKind kind, ulong address, KeyFacts? key, Sealing sealing, List<WalkNode> nodes)
    {
        var nearest = nodes.MinBy(n => (_outcome!.Depth(n), n.Function))!;
        var path = _outcome!.PathTo(nearest);
        var place = _image.Place(address);
        path[^1] = place.StartsWith(path[^1], StringComparison.Ordinal) ? place : path[^1];
        if (!place.StartsWith(path[^1], StringComparison.Ordinal))
        {
            path.Add(place);
        }

        return new AuditSite(
            kind,
            address,
            place,
            key,
            sealing,
            _image.Sections.NameOf(address),
            path,
            [.. nodes.SelectMany(n => _outcome.RootsOf(n)).Distinct().Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>
    /// Functions that run in the window and are neither blacklisted nor in text that may not be probed.
    /// </summary>
    private IEnumerable<AuditSite> Probes()
    {
        if (_image.Tables.Blacklist is not { } blacklist)
        {
            return [];
        }

        var sections = _image.Sections;
        return _outcome!
            .Nodes.SelectMany(n => n.InEqs.Where(f => IsHere(f.State)).Select(f => (f.Function, Node: n)))
            .GroupBy(f => f.Function, f => f.Node)
            .Where(g =>
                !blacklist.Contains(g.Key)
                && !sections.Noinstr.Contains(g.Key)
                && !sections.Entry.Contains(g.Key)
                && !sections.Kprobes.Contains(g.Key)
                && sections.Text.Contains(g.Key)
            )
            .Select(g => Place(SiteKind.Kprobe, g.Key, null, Sealing.Tools, [.. g.Distinct()]));
    }

    private List<string> Atomics()
    {
        var ends =
            _name == "exit"
                ? _outcome!
                    .Nodes.SelectMany(n => n.Transitions)
                    .Where(t => t.State is not (RcuState.Entering or RcuState.Leaving))
                : _outcome!
                    .Nodes.SelectMany(n => n.Transitions)
                    .Where(t => t.State is RcuState.Entering or RcuState.Leaving);
        return [.. ends.Select(t => _image.Place(t.Address)).Distinct().Order(StringComparer.Ordinal)];
    }

    private List<FirstText> FirstTexts() =>
        [
            .. _outcome!
                .Nodes.SelectMany(n => n.Boundaries.Select(b => (b.Address, b.State, b.Target, Node: n)))
                .GroupBy(b => (b.Address, b.State, b.Target))
                .Select(g =>
                {
                    var nearest = g.Select(b => b.Node).MinBy(n => _outcome.Depth(n))!;
                    return new FirstText(
                        _image.Place(g.Key.Address),
                        g.Key.Target == 0 ? null : _image.Place(g.Key.Target),
                        Words(g.Key.State),
                        _outcome.PathTo(nearest),
                        [.. g.SelectMany(b => _outcome.RootsOf(b.Node)).Distinct().Order(StringComparer.Ordinal)]
                    );
                })
                .OrderBy(f => f.Synchronised, StringComparer.Ordinal)
                .ThenBy(f => f.Path.Count)
                .ThenBy(f => f.Place, StringComparer.Ordinal),
        ];

    private string Words(RcuState state) =>
        (state, _image.Machine) switch
        {
            (RcuState.Fresh, _) => "nothing",
            (RcuState.AfterDsb, _) => "dsb",
            (RcuState.AfterIsb, MachineKind.X86) => "serialising instruction",
            (RcuState.AfterIsb, _) => "isb",
            _ => "dsb, isb",
        };

    private SortedDictionary<string, int> Ends()
    {
        var result = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (
            var group in _outcome!
                .Nodes.SelectMany(n => n.Ends.Select(e => (e.State, Node: n)))
                .GroupBy(e => Name(e.State))
        )
        {
            result[group.Key] = group.SelectMany(e => _outcome.RootsOf(e.Node)).Distinct().Count();
        }

        return result;

        static string Name(RcuState state) =>
            state switch
            {
                RcuState.Entering => "still in the EQS",
                RcuState.Leaving => "in the EQS again",
                RcuState.Nested => "watching, nested",
                _ => "watching",
            };
    }
}
