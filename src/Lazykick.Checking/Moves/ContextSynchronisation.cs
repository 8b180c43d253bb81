using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>Rule M11: what is a context synchronisation event.</summary>
internal static class ContextSynchronisation
{
    /// <summary>Is a step a context synchronisation event, with these knobs.</summary>
    /// <param name="kind">The step.</param>
    /// <param name="scope">Knobs <c>eis</c> and <c>eos</c>: FEAT_ExS, SCTLR_EL1.EIS and EOS.</param>
    public static bool IsEvent(SyncKind kind, CpuScope scope) =>
        kind switch
        {
            SyncKind.Exception => scope.Knob("eis", true),
            SyncKind.Eret => scope.Knob("eos", true),
            SyncKind.X86Exception or SyncKind.Sysret => false,
            _ => true,
        };

    /// <summary>Is a step one, or a <c>together</c> that holds one.</summary>
    /// <param name="step">The step; null for a place.</param>
    /// <param name="scope">What names mean there.</param>
    public static bool IsEvent(Step? step, CpuScope scope) =>
        step switch
        {
            SyncStep sync => IsEvent(sync.Kind, scope),
            TogetherStep together => together.Body.Any(s => IsEvent(s, scope)),
            _ => false,
        };
}
