using System.Diagnostics.Tracing;

namespace Lazykick.Diagnostics;

/// <summary>
/// The event source <c>Lazykick</c>: what a log should show without any handler being set. It lives as long as the
/// meter.
/// </summary>
[EventSource(Name = "Lazykick")]
internal sealed class RcuEventSource : EventSource
{
    internal RcuEventSource() { }

    [Event(1, Level = EventLevel.Warning, Message = "{1}")]
    public void Stalled(string domain, string report) => WriteEvent(1, domain, report);

    [Event(2, Level = EventLevel.Warning, Message = "{1}")]
    public void ThreadReaped(string domain, string report) => WriteEvent(2, domain, report);

    [Event(3, Level = EventLevel.Error, Message = "a callback of domain '{0}' threw {1}")]
    public void CallbackFailed(string domain, string exception) => WriteEvent(3, domain, exception);

    [Event(4, Level = EventLevel.Warning, Message = "domain '{0}' is at its limit: {1} callbacks, {2} bytes pending")]
    public void PressureBegan(string domain, long pending, long pendingBytes) =>
        WriteEvent(4, domain, pending, pendingBytes);

    [Event(5, Level = EventLevel.Warning, Message = "a reclaimer was not placed on CPUs {0}: the system says {1}")]
    public void ReclaimerNotPlaced(string cpus, int error) => WriteEvent(5, cpus, error);
}
