using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Weak;

/// <summary>S2, S4 and S9: a kick's return counts once its CPU has no guess outstanding.</summary>
internal sealed partial class WeakMachine<T>
{
    private readonly uint _staleData;
    private readonly uint _deadObject;
    private readonly uint _pendingMessage;
    private readonly uint _staleTranslation;

    private static uint PropertyBit(CompiledScheme scheme, string name) =>
        scheme.PropertyOf(name) is >= 0 and var index ? 1u << index : 0;

    private uint Bits(AccessViolations violations) =>
        (violations.HasFlag(AccessViolations.StaleData) ? _staleData : 0)
        | (violations.HasFlag(AccessViolations.DeadObject) ? _deadObject : 0);

    /// <summary>
    /// S2 (M25): after a kick's return another CPU has in flight a read of what the kick returned for, and it returned
    /// another value than the
    /// kicker sees.
    /// </summary>
    private void MarkStaleReads(Span<ulong> words)
    {
        foreach (var (variable, returned) in Scheme.Fields.Published)
        {
            var kicker = returned.Read(words) - 1;
            if (kicker < 0 || !_windows[kicker].IsSettled(words))
                continue;
            var value = _windows[kicker].Written(words, variable);
            for (var cpu = 0; cpu < _windows.Length; cpu++)
            {
                if (cpu != kicker)
                    _windows[cpu].MarkStale(words, variable, value);
            }
        }
    }

    private bool IsSettled(ReadOnlySpan<ulong> words)
    {
        foreach (var window in _windows)
        {
            if (!window.IsSettled(words))
                return false;
        }

        return true;
    }

    /// <summary>S4 (M26): a kick has returned, and a message that was pending when it began is so still.</summary>
    private uint PendingMessages(ReadOnlySpan<ulong> words)
    {
        if (_pendingMessage == 0)
            return 0;
        for (var kicker = 0; kicker < _windows.Length; kicker++)
        {
            var fields = Scheme.Fields.Cpus[kicker];
            if (fields.InKick.Read(words) != 0 || !_windows[kicker].IsSettled(words))
                continue;
            foreach (var since in fields.PendingSince.Values)
            {
                foreach (var field in since)
                {
                    if (field.Read(words) != 0)
                        return _pendingMessage;
                }
            }
        }

        return 0;
    }
}
