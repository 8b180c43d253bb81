using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Walks code from the roots of a window and keeps the state of RCU: an abstract interpretation over functions, each
/// summarised by the states in which it returns. What it cannot follow it counts in <see cref="Limits"/>.
/// </summary>
/// <remarks>
/// This is the fixed point over functions. What one function does is a <see cref="BodyWalk"/>; in which states a call
/// comes back say the <see cref="CallRules"/>.
/// </remarks>
internal sealed class Walker
{
    private const int MostNodes = 20_000;
    private const int MostSteps = 60_000_000;

    private readonly KernelImage _image;
    private readonly WalkContext _context;
    private readonly CallRules _calls;
    private readonly Dictionary<(ulong, RcuState, Direction), WalkNode> _nodes = [];
    private readonly Queue<WalkNode> _queue = new();
    private readonly CancellationToken _cancellation;
    private long _steps;

    /// <summary><paramref name="isEntry"/>: the window of the kernel's entry, not that of idle.</summary>
    public Walker(WalkContext context, bool isEntry, CancellationToken cancellation)
    {
        _context = context;
        _image = context.Image;
        IsEntry = isEntry;
        _calls = new CallRules(context, this);
        _cancellation = cancellation;
    }

    public bool IsEntry { get; }

    public WalkLimits Limits { get; } = new();

    public IReadOnlyCollection<WalkNode> Nodes => _nodes.Values;

    /// <summary>Walks from a root; the summaries of all roots are shared.</summary>
    public WalkNode Root(ulong function, RcuState state) => Node(function, state, Direction.Unknown);

    public void Run()
    {
        while (_queue.TryDequeue(out var node))
        {
            node.IsQueued = false;
            _cancellation.ThrowIfCancellationRequested();
            if (_steps > MostSteps)
            {
                Limits.Add("the walk was cut short: too many steps", _image.Place(node.Function));
                return;
            }

            var before = node.Exits;
            _steps += new BodyWalk(_context, this, _calls, node).Run();
            if (node.Exits != before)
            {
                foreach (var caller in node.Callers)
                {
                    Enqueue(caller);
                }
            }
        }
    }

    /// <summary>A function that <paramref name="caller"/> calls: it is walked again when the summary changes.</summary>
    public WalkNode Called(ulong function, RcuState state, Direction direction, WalkNode caller, ulong site)
    {
        var isKnown = _nodes.ContainsKey((function, state, direction));
        var node = Node(function, state, direction);
        var depth = caller.Depth + (_image.Sections.IsQuiet(function) ? 0 : 1);
        if (!isKnown)
        {
            node.Depth = depth;
        }
        else if (depth < node.Depth)
        {
            node.Depth = depth;
            Enqueue(node);
        }

        node.Callers.Add(caller);
        caller.Calls.TryAdd(node, site);
        return node;
    }

    private WalkNode Node(ulong function, RcuState state, Direction direction)
    {
        if (!_nodes.TryGetValue((function, state, direction), out var node))
        {
            node = new WalkNode(function, state, direction);
            _nodes[(function, state, direction)] = node;
            if (_nodes.Count <= MostNodes)
            {
                Enqueue(node);
            }
            else
            {
                Limits.Add("the walk was cut short: too many functions", _image.Place(function));
            }
        }

        return node;
    }

    private void Enqueue(WalkNode node)
    {
        if (!node.IsQueued)
        {
            node.IsQueued = true;
            _queue.Enqueue(node);
        }
    }
}
