using System.Diagnostics.Tracing;

namespace Lazykick.Diagnostics;

/// <summary>The event source <c>Lazykick</c>: what a log should show without any handler being set.</summary>
[EventSource(Name = "Lazykick")]
internal sealed class RcuEventSource : EventSource
{
    public static readonly RcuEventSource Log = new();

    private RcuEventSource() { }

    [Event(1, Level = EventLevel.Warning, Message = "{1}")]
    public void GracePeriodStalled(string domain, string report) => WriteEvent(1, domain, report);

    [Event(2, Level = EventLevel.Warning, Message = "{1} ended without disposing its registration made in {2}")]
    public void ThreadReaped(string domain, string thread, string registeredIn) =>
        WriteEvent(2, domain, thread, registeredIn);

    [Event(3, Level = EventLevel.Error, Message = "a callback of domain '{0}' threw {1}")]
    public void CallbackFailed(string domain, string exception) => WriteEvent(3, domain, exception);
}
