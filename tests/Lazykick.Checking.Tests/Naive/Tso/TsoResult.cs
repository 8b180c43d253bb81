namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>What an exploration under TSO found.</summary>
internal sealed class TsoResult
{
    private readonly HashSet<(string Role, string Path, string Position)> _visited = [];
    private readonly HashSet<(string Role, string Path, string Position)> _stale = [];
    private readonly HashSet<(string Role, string Path, string Position)> _eqs = [];

    /// <summary>Properties that some move or state violates.</summary>
    public HashSet<string> Violated { get; } = new(StringComparer.Ordinal);

    /// <summary>Each position once, with what may be true there.</summary>
    public IEnumerable<string> Positions =>
        _visited.Select(p =>
            $"{p.Role} {p.Path} {p.Position}{(_stale.Contains(p) ? " stale" : "")}{(_eqs.Contains(p) ? " eqs" : "")}"
        );

    /// <summary>A CPU stands there.</summary>
    public void See(NaiveMachine.Standing at, string role)
    {
        var position = at.Line == 0 ? "" : at.Position[(at.Position.LastIndexOf('>') + 1)..].Trim();
        var key = (role, at.Path, position.Replace(" returns", "", StringComparison.Ordinal));
        _visited.Add(key);
        if (at.IsEqs)
            _eqs.Add(key);
        if (!at.IsStale)
            return;
        _stale.Add(key);
        Violated.Add("S1.windows");
        if (at is { IsOrdinary: true, IsEqs: false })
            Violated.Add("S1");
    }
}
