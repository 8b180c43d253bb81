using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>An instruction in the common form.</summary>
internal sealed record LitmusInstruction
{
    internal required Operation Operation { get; init; }

    internal required string Text { get; init; }

    internal LitmusPosition Position { get; init; }

    /// <summary>64 bits; otherwise results are cut to 32.</summary>
    internal bool Wide { get; init; }

    /// <summary>The register written, or <see cref="Registers.None"/>.</summary>
    internal int Destination { get; init; } = Registers.None;

    /// <summary>Arithmetic sets the flags.</summary>
    internal bool SetsFlags { get; init; }

    /// <summary>First source: the value of a move, store or atomic; the compared value of a compare-and-swap.</summary>
    internal Operand Left { get; init; } = Operand.Zero;

    /// <summary>Second source; the new value of a compare-and-swap.</summary>
    internal Operand Right { get; init; } = Operand.Zero;

    /// <summary>Shift of the second source, or of the index, in bits.</summary>
    internal int Shift { get; init; }

    internal ShiftKind ShiftKind { get; init; }

    /// <summary>
    /// A store-exclusive that is tried again until it succeeds, by a loop that does nothing else: see
    /// <see cref="RetryLoops"/>.
    /// </summary>
    internal bool IsRetried { get; init; }

    /// <summary>The bit that a test-and-branch looks at; -1: all of them.</summary>
    internal int TestedBit { get; init; } = -1;

    /// <summary>Its result is an address relative to its own place (ADR).</summary>
    internal bool IsRelative { get; init; }

    /// <summary>Widening of the second source, or of the index.</summary>
    internal Extension Extension { get; init; }

    /// <summary>What is added to the second operand of a selection when it is taken (CSINC).</summary>
    internal int Increment { get; init; }

    internal Comparison Comparison { get; init; } = Comparison.Always;

    internal Operand Base { get; init; } = Operand.Zero;

    internal Operand Index { get; init; } = Operand.Zero;

    /// <summary>The address register gets this much more afterwards.</summary>
    internal long WriteBack { get; init; }

    internal OrderFlags Flags { get; init; }

    internal BarrierKind Fence { get; init; }

    /// <summary>Where a branch goes: a label before compiling.</summary>
    internal string? Label { get; init; }

    /// <summary>Where a branch goes: an offset in instructions, for words written as <c>B .+8</c>.</summary>
    internal int? Distance { get; init; }

    /// <summary>Where a branch goes: an index into the code, after compiling.</summary>
    internal int Target { get; init; } = -1;

    internal bool IsAtomic => Operation is >= Operation.AtomicSwap and <= Operation.CompareSwap;

    internal bool UsesAddress =>
        Operation
            is >= Operation.Load
                and <= Operation.CompareSwap
                and not Operation.ClearExclusive
                or Operation.Clean
                or Operation.Invalidate;

    internal bool IsConditionalBranch =>
        Operation is Operation.BranchIf or Operation.BranchIfZero or Operation.BranchIfNotZero;

    internal bool MayWrite => Operation is Operation.Store or Operation.StoreExclusive || IsAtomic;

    internal bool IsIndirect => Operation is Operation.BranchRegister or Operation.ExceptionReturn;
}
