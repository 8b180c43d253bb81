using Lazykick.Auditing.Models;

namespace Lazykick.Auditing.Walking;

/// <summary>A finished walk: which function is reached how from which roots.</summary>
internal sealed class WalkOutcome
{
    private readonly WalkContext _context;
    private readonly Dictionary<WalkNode, (WalkNode? Parent, int Depth)> _shortest = [];
    private readonly Dictionary<WalkNode, SortedSet<string>> _rootsOf = [];

    private WalkOutcome(WalkContext context, Walker walker, List<WalkNode> roots)
    {
        _context = context;
        Limits = walker.Limits;
        Roots = roots;
        Nodes = [.. walker.Nodes];
        foreach (var root in roots)
        {
            Reach(root);
        }
    }

    public IReadOnlyList<WalkNode> Roots { get; }

    public IReadOnlyList<WalkNode> Nodes { get; }

    public WalkLimits Limits { get; }

    public static WalkOutcome Of(WalkContext context, string kind, CancellationToken cancellation)
    {
        var walker = new Walker(context, kind == "entry", cancellation);
        var roots = Roots(kind, kind == "entry" ? RcuState.Entering : RcuState.Watching);
        if (kind == "entry")
        {
            roots.AddRange(Roots("exit", RcuState.Watching));
        }

        walker.Run();
        return new WalkOutcome(context, walker, roots);

        List<WalkNode> Roots(string window, RcuState state)
        {
            var names = new NameSet();
            foreach (var name in context.Model.Roots(window, context.Image.Machine))
            {
                names.Add(name);
            }

            // Aliases of entry points in init text are used before there is user mode.
            return
            [
                .. context
                    .Image.Symbols.Code.Where(s =>
                        names.Contains(s.Name) && !context.Image.Sections.Init.Contains(s.Address)
                    )
                    .Select(s => s.Address)
                    .Distinct()
                    .Select(a => walker.Root(a, state)),
            ];
        }
    }

    /// <summary>A shortest chain of calls to a function, by name.</summary>
    public List<string> PathTo(WalkNode node)
    {
        var path = new List<string>();
        for (var at = node; at is not null; at = _shortest.TryGetValue(at, out var step) ? step.Parent : null)
        {
            path.Insert(0, _context.Image.Place(at.Function));
        }

        return path;
    }

    public int Depth(WalkNode node) => _shortest.TryGetValue(node, out var step) ? step.Depth : int.MaxValue;

    public IReadOnlyCollection<string> RootsOf(WalkNode node) => _rootsOf.GetValueOrDefault(node) ?? [];

    private void Reach(WalkNode root)
    {
        var name = _context.Image.Place(root.Function);
        var queue = new Queue<(WalkNode Node, WalkNode? Parent, int Depth)>();
        queue.Enqueue((root, null, 0));
        var seen = new HashSet<WalkNode>();
        while (queue.TryDequeue(out var step))
        {
            if (!seen.Add(step.Node))
            {
                continue;
            }

            if (!_shortest.TryGetValue(step.Node, out var old) || step.Depth < old.Depth)
            {
                _shortest[step.Node] = (step.Parent, step.Depth);
            }

            if (!_rootsOf.TryGetValue(step.Node, out var roots))
            {
                _rootsOf[step.Node] = roots = new SortedSet<string>(StringComparer.Ordinal);
            }

            roots.Add(name);
            foreach (var called in step.Node.Calls.OrderBy(c => c.Value).Select(c => c.Key))
            {
                queue.Enqueue((called, step.Node, step.Depth + 1));
            }
        }
    }
}
