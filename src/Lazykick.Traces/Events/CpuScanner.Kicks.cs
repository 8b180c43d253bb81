using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

internal sealed partial class CpuScanner
{
    // NR_CPUS of the largest configurations is 8192; a higher number comes from a damaged record.
    private const int MostCpus = 8192;

    private void OnKickEvent(EventKind kind, in TraceEvent e, ulong time)
    {
        var payload = e.Payload;
        _kicked = kind is EventKind.CsdQueue or EventKind.SendCpu or EventKind.SendMask or EventKind.Raise;
        switch (kind)
        {
            case EventKind.CsdQueue:
                {
                    var target = _plan.QueueCpu.ReadUInt64(payload);
                    if (!IsCpu(target))
                        return;
                    ref var record = ref Add(RecordKind.CsdQueue, e, time);
                    record.Other = (ushort)target;
                    record.A = _plan.QueueFunction.ReadUInt64(payload);
                    record.B = _plan.QueueCallSite.ReadUInt64(payload);
                    record.C = _plan.QueueCsd.ReadUInt64(payload);
                    record.Extra = CallOf(e);
                    break;
                }

            case EventKind.CsdEntry:
            case EventKind.CsdExit:
                {
                    var entry = kind == EventKind.CsdEntry;
                    var csd = (entry ? _plan.EntryCsd : _plan.ExitCsd).ReadUInt64(payload);
                    if (csd == 0)
                        return; // run by the sender on its own CPU: no kick
                    ref var record = ref Add(entry ? RecordKind.CsdEntry : RecordKind.CsdExit, e, time);
                    record.A = (entry ? _plan.EntryFunction : _plan.ExitFunction).ReadUInt64(payload);
                    record.C = csd;
                    break;
                }

            case EventKind.SendCpu:
                {
                    var target = _plan.SendCpu.ReadUInt64(payload);
                    if (IsCpu(target))
                    {
                        AddSend(e, time, (int)target, _plan.SendCpuCallback, _plan.SendCpuCallSite).Detail = (byte)
                            SendNotes.Last;
                    }

                    break;
                }

            case EventKind.SendMask:
                {
                    var added = 0;
                    foreach (var target in _plan.SendMask.ReadCpuMask(payload))
                    {
                        if (!IsCpu((ulong)target))
                            break;
                        AddSend(e, time, target, _plan.SendMaskCallback, _plan.SendMaskCallSite).Detail = (byte)
                            SendNotes.Many;
                        added++;
                    }

                    if (added > 0)
                        _out.Records[_out.RecordCount - 1].Detail |= (byte)SendNotes.Last;
                    break;
                }

            case EventKind.Raise:
                {
                    var cause = _plan.CauseOfReason(_plan.Minor(kind).ReadUInt64(payload));
                    var targets = _plan.RaiseMask.ReadCpuMask(payload);
                    var notes = targets.Count > 1 ? SendNotes.Many : SendNotes.None;
                    var added = 0;
                    foreach (var target in targets)
                    {
                        if (!IsCpu((ulong)target))
                            break;
                        ref var record = ref Add(RecordKind.Raise, e, time);
                        record.Other = (ushort)target;
                        record.A = (ulong)cause;
                        record.Detail = (byte)notes;
                        record.Extra = CallOf(e);
                        added++;
                    }

                    if (added > 0)
                        _out.Records[_out.RecordCount - 1].Detail |= (byte)SendNotes.Last;
                    break;
                }

            case EventKind.WakeWithoutIpi:
                {
                    var target = _plan.Minor(kind).ReadUInt64(payload);
                    if (IsCpu(target))
                        Add(RecordKind.WakeWithoutIpi, e, time).Other = (ushort)target;
                    break;
                }
        }

        // Where no stack follows, the work that a worker does is the outermost frame that is known.
        if (_kicked && _work != 0 && e.Pid == _worker && (e.Flags & InAnyInterrupt) == 0)
            AddStack([_work]);
    }

    private ref CpuRecord AddSend(in TraceEvent e, ulong time, int target, EventField callback, EventField? callSite)
    {
        ref var record = ref Add(RecordKind.Send, e, time);
        record.Other = (ushort)target;
        record.A = callback.ReadUInt64(e.Payload);
        record.B = callSite?.ReadUInt64(e.Payload) ?? 0;
        record.Extra = CallOf(e);
        return ref record;
    }

    /// <summary>Senders that the user declared by kprobes.</summary>
    private void OnProbe(EventKind kind, in TraceEvent e, ulong time)
    {
        var fields = _plan.Probe(kind);
        var isKick = kind is EventKind.ProbeKickCpu or EventKind.ProbeKickMask;
        var added = 0;
        foreach (var target in fields.Targets(e.Payload))
        {
            // The kernel's masks may have the sender in them, whom nobody kicks.
            if (target == e.Cpu || !IsCpu((ulong)target))
                continue;
            ref var record = ref Add(isKick ? RecordKind.ProbeKick : RecordKind.Raise, e, time);
            record.Other = (ushort)target;
            record.Extra = CallOf(e);
            added++;
            if (isKick)
            {
                record.A = fields.Function(e.Payload);
                record.B = fields.Site(e.Payload);
                record.Detail = (byte)(
                    (fields.IsWake(e.Payload) ? ProbeNotes.Wake : ProbeNotes.None)
                    | (fields.IsConditional(e.Payload) ? ProbeNotes.Conditional : ProbeNotes.None)
                );
            }
            else
            {
                record.A = (ulong)(kind == EventKind.ProbeReschedule ? EntryCause.Reschedule : EntryCause.FunctionCall);
                record.Detail = (byte)(kind == EventKind.ProbeSendMask ? SendNotes.Many : SendNotes.None);
            }
        }

        if (added > 0 && !isKick)
            _out.Records[_out.RecordCount - 1].Detail |= (byte)SendNotes.Last;
        _kicked = added > 0;
    }

    private bool IsCpu(ulong target)
    {
        if (target < MostCpus)
            return true;
        Malformed++;
        return false;
    }
}
