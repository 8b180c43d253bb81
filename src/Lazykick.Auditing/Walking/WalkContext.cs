using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Models;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Walking;

/// <summary>What the walks of all windows share.</summary>
internal sealed class WalkContext
{
    private readonly Dictionary<ulong, FunctionRole> _roles = [];
    private readonly Dictionary<ulong, (ulong From, ulong Site)> _continuations = [];
    private readonly HashSet<ulong> _replacements = [];
    private readonly Dictionary<ulong, Alternative[]> _alternatives;
    private readonly Dictionary<ulong, HashSet<ulong>> _exits = [];
    private readonly Dictionary<ulong, ulong[]> _pointedTo = [];
    private readonly Dictionary<ulong, bool> _assumed = [];
    private readonly ulong? _guessed;

    public WalkContext(KernelImage image, AuditModel model)
    {
        Image = image;
        Model = model;
        Code = new CodeReader(image.Machine, image.Space);
        _alternatives = image.Tables.Alternatives.ToDictionary(g => g.Key, g => g.ToArray());
        foreach (
            var alternative in image
                .Tables.Alternatives.SelectMany(g => g)
                .Where(a => a is { IsCallback: false, ReplacementLength: > 0 })
        )
        {
            _replacements.Add(alternative.Replacement);
            _continuations.TryAdd(
                alternative.Replacement + (ulong)alternative.ReplacementLength,
                (alternative.Replacement, alternative.Site + (ulong)alternative.SiteLength)
            );
        }

        Transitions = new TransitionFinder(image, Code, model);
        _guessed =
            Image.IsModule || model["assume-on"].Written.Exists(n => Image.Symbols[n] is not null) ? null : GuessKey();
        Reaching = CallGraph.Reaching(image, Transitions.Functions.Concat(ExternalTransitions()));
    }

    public KernelImage Image { get; }

    public AuditModel Model { get; }

    public CodeReader Code { get; }

    public TransitionFinder Transitions { get; }

    /// <summary>
    /// The image has no names of data: the key before most calls of __ct_user_exit and __ct_user_enter was taken for
    /// context_tracking_key.
    /// </summary>
    public bool IsKeyGuessed => _guessed is not null;

    /// <summary>Functions from which an atomic on the state can be reached.</summary>
    public HashSet<ulong> Reaching { get; }

    public Alternative[]? AlternativesAt(ulong address) => _alternatives.GetValueOrDefault(address);

    /// <summary>After the last instruction of an alternative the code goes on after the original.</summary>
    public ulong Continuation(Insn insn) =>
        _continuations.TryGetValue(insn.Next, out var after) && insn.Address >= after.From ? after.Site : insn.Next;

    /// <summary>
    /// Nobody falls into an alternative: what is before one, in the text or behind a call that does not return, is the
    /// end of something else.
    /// </summary>
    public bool IsDeadEnd(Insn insn) => _replacements.Contains(insn.Next) && Continuation(insn) == insn.Next;

    public string KeyName(ulong key) =>
        key == _guessed
            ? "context_tracking_key"
            : Image.Symbols.DataNear(key)
                ?? (Image.External.TryGetValue(key, out var name) ? name : null)
                ?? $"key at 0x{key:x}";

    public bool IsAssumedOn(ulong key)
    {
        if (!_assumed.TryGetValue(key, out var result))
        {
            _assumed[key] = result = Model["assume-on"].Contains(KeyName(key));
        }

        return result;
    }

    public FunctionRole RoleOf(ulong address)
    {
        if (!_roles.TryGetValue(address, out var role))
        {
            _roles[address] = role = MakeRole(address);
        }

        return role;
    }

    /// <summary>Whom the model says that this indirect call calls, or null.</summary>
    public IReadOnlyList<ulong>? PointedTo(ulong site)
    {
        if (
            Image.Symbols.FunctionAt(site, out _) is not { } function
            || Model.Indirect(function.Name, Image.Machine) is not { } names
        )
        {
            return null;
        }

        if (!_pointedTo.TryGetValue(function.Address, out var targets))
        {
            _pointedTo[function.Address] = targets = [
                .. Image.Symbols.Code.Where(s => names.Contains(s.Name)).Select(s => s.Address).Distinct(),
            ];
        }

        return targets;
    }

    /// <summary>Inside this function, can control reach a call that leaves the EQS from here?</summary>
    public bool ReachesExit(ulong function, ulong from)
    {
        if (!_exits.TryGetValue(function, out var reaching))
        {
            _exits[function] = reaching = FindReachingExit(function);
        }

        return reaching.Contains(from);
    }

    private ulong? GuessKey()
    {
        var votes = new Dictionary<ulong, int>();
        var calls = new[] { Image.Symbols["__ct_user_exit"], Image.Symbols["__ct_user_enter"] };
        foreach (var jump in Image.Tables.Jumps.Values.Where(j => Image.Sections.IsQuiet(j.Site)))
        {
            var at = jump.Target;
            for (var i = 0; i < 6 && Image.Space.IsCode(at); i++)
            {
                var insn = Code.At(at);
                if (insn.Flow == FlowKind.Call && calls.Contains(insn.Target))
                {
                    votes[jump.Key] = votes.GetValueOrDefault(jump.Key) + 1;
                }

                at = insn.Next;
            }
        }

        // A key that has another name is no such key.
        ulong? best = votes.Count == 0 ? null : votes.MaxBy(v => v.Value).Key;
        return best is { } key && Image.Symbols.DataAt(key) is null ? best : null;
    }

    private IEnumerable<ulong> ExternalTransitions() =>
        Image
            .External.Where(e => Model["leaves"].Contains(e.Value) || Model["enters"].Contains(e.Value))
            .Select(e => e.Key);

    private FunctionRole MakeRole(ulong address)
    {
        List<string> names = Image.External.TryGetValue(address, out var external)
            ? [external]
            : [.. Image.Symbols.NamesAt(address)];

        // gcc makes copies of a function for some of its callers; the copy does what the function does.
        foreach (var name in names.ToArray())
        {
            var copy = name.IndexOf(".isra.", StringComparison.Ordinal) is var isra and >= 0
                ? isra
                : name.IndexOf(".constprop.", StringComparison.Ordinal);
            if (copy > 0)
            {
                names.Add(name[..copy]);
            }
        }

        bool Is(string kind) => names.Exists(Model[kind].Contains);
        return new FunctionRole(Image.Place(address))
        {
            Direction =
                Is("leaves") ? Direction.Out
                : Is("enters") ? Direction.Into
                : Direction.Unknown,
            IsNever = Is("never"),
            IsSkipped = Is("skip") || Is("boot"),
            IsBoot = Is("boot"),
            IsWatching = Is("watching"),
            IsNestIn = Is("nest-in"),
            IsNestOut = Is("nest-out"),
            IsReturnThunk = names.Exists(n => n.EndsWith("__x86_return_thunk", StringComparison.Ordinal)),
            IsIndirectThunk = names.Exists(n =>
                n.Contains("__x86_indirect_thunk_", StringComparison.Ordinal)
                || n.StartsWith("__x86_indirect_call_thunk_", StringComparison.Ordinal)
            ),
            IsTracer = names.Exists(n => n is "__fentry__" or "_mcount" or "ftrace_caller"),
        };
    }

    private HashSet<ulong> FindReachingExit(ulong function)
    {
        var successors = new Dictionary<ulong, List<ulong>>();
        var work = new Stack<ulong>([function]);
        var exits = new List<ulong>();
        while (work.TryPop(out var at) && successors.Count < 5000)
        {
            if (successors.ContainsKey(at) || !Image.Space.IsCode(at))
            {
                continue;
            }

            var insn = Code.At(at);
            var next = new List<ulong>();
            if (insn.Flow is FlowKind.Next or FlowKind.Branch or FlowKind.Call or FlowKind.IndirectCall)
            {
                next.Add(Continuation(insn));
            }

            if (
                insn.Flow is FlowKind.Jump or FlowKind.Branch
                && (!Image.Symbols.IsStart(insn.Target) || insn.Target == function)
            )
            {
                next.Add(insn.Target);
            }

            if (Image.Tables.Jumps.TryGetValue(at, out var jump))
            {
                next.Add(jump.Target);
                next.Add(insn.Next);
            }

            if (
                insn.Flow is FlowKind.Call or FlowKind.Jump
                && RoleOf(insn.Target) is { Direction: Direction.Out } or { IsWatching: true }
            )
            {
                exits.Add(at);
            }

            successors[at] = next;
            next.ForEach(work.Push);
        }

        return Backwards(successors, exits);
    }

    private static HashSet<ulong> Backwards(Dictionary<ulong, List<ulong>> successors, List<ulong> exits)
    {
        var predecessors = successors
            .SelectMany(s => s.Value.Select(to => (From: s.Key, To: to)))
            .ToLookup(e => e.To, e => e.From);
        var reaching = new HashSet<ulong>();
        var work = new Stack<ulong>(exits);
        while (work.TryPop(out var at))
        {
            if (reaching.Add(at))
            {
                foreach (var from in predecessors[at])
                {
                    work.Push(from);
                }
            }
        }

        return reaching;
    }
}
