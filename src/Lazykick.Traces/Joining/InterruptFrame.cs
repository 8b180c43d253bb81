namespace Lazykick.Traces;

/// <summary>An interrupt handler that runs.</summary>
internal sealed class InterruptFrame
{
    public EntryCause Cause;
    public VectorForm Form;
    public ulong Entry;

    /// <summary>What it interrupted.</summary>
    public CpuState Hit;

    /// <summary>State of the CPU to go back to, where no bracket says otherwise.</summary>
    public CpuState Before;

    /// <summary><see cref="CpuLife.Exits"/> before this interrupt.</summary>
    public long ExitsBefore;

    /// <summary>It opened the bracket.</summary>
    public bool OpenedBracket;

    /// <summary>It came while the CPU was busy with an earlier interrupt that had ended this state.</summary>
    public CpuState? Further;

    public ulong Scopes;

    /// <summary>Kicks whose function ran here.</summary>
    public readonly List<Kick> Executed = [];
}
