namespace Lazykick.Tests.Support;

/// <summary>
/// A thread that sits in a read scope until it is told to go on: the only way to hold a grace period open from a test,
/// as a scope cannot leave the thread that opened it.
/// </summary>
internal sealed class ParkedReader : IDisposable
{
    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _leave = new();
    private readonly Thread _thread;

    public ParkedReader(RcuDomain domain, string name = "parked reader")
    {
        _thread = new Thread(() =>
        {
            using var thread = domain.Register();
            using (thread.EnterRead())
            {
                _inside.Set();
                _leave.Wait();
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        _thread.Start();
        _inside.Wait();
    }

    /// <summary>Lets the thread leave its scope and end.</summary>
    public void Leave()
    {
        _leave.Set();
        _thread.Join();
    }

    public void Dispose()
    {
        Leave();
        _inside.Dispose();
        _leave.Dispose();
    }
}
