using System.Diagnostics;

namespace Lazykick.Cli.Claims;

/// <summary>One line of progress a second on standard error.</summary>
internal sealed class ClaimProgress(TextWriter errors)
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _next = TimeSpan.FromSeconds(1);

    /// <summary>Says how many explorations are done, if a second has passed since it last did.</summary>
    public void Report(int done, int all)
    {
        lock (_lock)
        {
            if (_since.Elapsed < _next)
                return;
            _next = _since.Elapsed + TimeSpan.FromSeconds(1);
            errors.WriteLine($"claims: {done} of {all} schemes explored");
        }
    }
}
