using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>Reads what senders of kicks tell, and the functions that run for them.</summary>
internal sealed class KickScanner(EventPlan plan, RecordWriter records, CauseScanner causes)
{
    // NR_CPUS of the largest configurations is 8192; a higher number comes from a damaged record.
    private const int MostCpus = 8192;

    /// <summary>Records that name CPUs that no machine has.</summary>
    public long Malformed { get; private set; }

    public void Accept(EventKind kind, in TraceEvent e, ulong time)
    {
        var payload = e.Payload;
        causes.WantsStack = kind is EventKind.CsdQueue or EventKind.SendCpu or EventKind.SendMask or EventKind.Raise;
        switch (kind)
        {
            case EventKind.CsdQueue:
                {
                    var target = plan.QueueCpu.ReadUInt64(payload);
                    if (!IsCpu(target))
                        return;
                    ref var record = ref records.Add(RecordKind.CsdQueue, e, time);
                    record.Other = (ushort)target;
                    record.A = plan.QueueFunction.ReadUInt64(payload);
                    record.B = plan.QueueCallSite.ReadUInt64(payload);
                    record.C = plan.QueueCsd.ReadUInt64(payload);
                    record.Extra = causes.CallOf(e);
                    break;
                }

            case EventKind.CsdEntry:
            case EventKind.CsdExit:
                {
                    var entry = kind == EventKind.CsdEntry;
                    var csd = (entry ? plan.EntryCsd : plan.ExitCsd).ReadUInt64(payload);
                    if (csd == 0)
                        return; // run by the sender on its own CPU: no kick
                    ref var record = ref records.Add(entry ? RecordKind.CsdEntry : RecordKind.CsdExit, e, time);
                    record.A = (entry ? plan.EntryFunction : plan.ExitFunction).ReadUInt64(payload);
                    record.C = csd;
                    break;
                }

            case EventKind.SendCpu:
                {
                    var target = plan.SendCpu.ReadUInt64(payload);
                    if (IsCpu(target))
                    {
                        AddSend(e, time, (int)target, plan.SendCpuCallback, plan.SendCpuCallSite).Detail = (byte)
                            SendNotes.Last;
                    }

                    break;
                }

            case EventKind.SendMask:
                {
                    var added = 0;
                    foreach (var target in plan.SendMask.ReadCpuMask(payload))
                    {
                        if (!IsCpu((ulong)target))
                            break;
                        AddSend(e, time, target, plan.SendMaskCallback, plan.SendMaskCallSite).Detail = (byte)
                            SendNotes.Many;
                        added++;
                    }

                    if (added > 0)
                        records.Last.Detail |= (byte)SendNotes.Last;
                    break;
                }

            case EventKind.Raise:
                {
                    var cause = plan.CauseOfReason(plan.Minor(kind).ReadUInt64(payload));
                    var targets = plan.RaiseMask.ReadCpuMask(payload);
                    var notes = targets.Count > 1 ? SendNotes.Many : SendNotes.None;
                    var added = 0;
                    foreach (var target in targets)
                    {
                        if (!IsCpu((ulong)target))
                            break;
                        ref var record = ref records.Add(RecordKind.Raise, e, time);
                        record.Other = (ushort)target;
                        record.A = (ulong)cause;
                        record.Detail = (byte)notes;
                        record.Extra = causes.CallOf(e);
                        added++;
                    }

                    if (added > 0)
                        records.Last.Detail |= (byte)SendNotes.Last;
                    break;
                }

            case EventKind.WakeWithoutIpi:
                {
                    var target = plan.Minor(kind).ReadUInt64(payload);
                    if (IsCpu(target))
                        records.Add(RecordKind.WakeWithoutIpi, e, time).Other = (ushort)target;
                    break;
                }
        }

        if (causes.WantsStack)
            causes.AddWork(e, time);
    }

    private ref CpuRecord AddSend(in TraceEvent e, ulong time, int target, EventField callback, EventField? callSite)
    {
        ref var record = ref records.Add(RecordKind.Send, e, time);
        record.Other = (ushort)target;
        record.A = callback.ReadUInt64(e.Payload);
        record.B = callSite?.ReadUInt64(e.Payload) ?? 0;
        record.Extra = causes.CallOf(e);
        return ref record;
    }

    /// <summary>Senders that the user declared by kprobes.</summary>
    public void AcceptProbe(EventKind kind, in TraceEvent e, ulong time)
    {
        var fields = plan.Probe(kind);
        var isKick = kind is EventKind.ProbeKickCpu or EventKind.ProbeKickMask;
        var added = 0;
        foreach (var target in fields.Targets(e.Payload))
        {
            // The kernel's masks may have the sender in them, whom nobody kicks.
            if (target == e.Cpu || !IsCpu((ulong)target))
                continue;
            ref var record = ref records.Add(isKick ? RecordKind.ProbeKick : RecordKind.Raise, e, time);
            record.Other = (ushort)target;
            record.Extra = causes.CallOf(e);
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
            records.Last.Detail |= (byte)SendNotes.Last;
        causes.WantsStack = added > 0;
    }

    private bool IsCpu(ulong target)
    {
        if (target < MostCpus)
            return true;
        Malformed++;
        return false;
    }
}
