using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>
/// What a state keeps of an instruction in flight, in one number; the value that it read is a second one.
/// </summary>
internal readonly record struct Slot(int Bits)
{
    // progress 2 | overwritten 1 | address seen 1 | choice 6 | version 3 | code index
    internal const int CodeShift = 13;
    internal const int Unchosen = 0,
        Settled = 3,
        Wild = 4,
        FirstTarget = 5,
        MaxTargets = 64 - FirstTarget;

    private const int ChoiceShift = 4,
        VersionShift = 10;

    internal Progress Progress => (Progress)(Bits & 3);

    internal bool Overwritten => (Bits & 4) != 0;

    internal bool AddressSeen => (Bits & 8) != 0;

    /// <summary>
    /// What was guessed when it was issued: 1 or 2 for a direction or the success of a store-exclusive, a target of a
    /// jump.
    /// </summary>
    internal int Choice => (Bits >> ChoiceShift) & 63;

    internal int Version => (Bits >> VersionShift) & 7;

    internal int Code => Bits >> CodeShift;

    internal static Slot Issue(int code, int version) => new((code << CodeShift) | (version << VersionShift));

    internal Slot With(Progress progress) => new((Bits & ~3) | (int)progress);

    internal Slot WithOverwritten(bool value) => new((Bits & ~4) | (value ? 4 : 0));

    internal Slot WithAddressSeen() => new(Bits | 8);

    internal Slot WithChoice(int choice) => new((Bits & ~(63 << ChoiceShift)) | (choice << ChoiceShift));

    /// <summary>The number without the bits of choice and version that a program never uses.</summary>
    internal int Squeeze(int choiceBits, int versionBits) =>
        (Bits & ((1 << ChoiceShift) - 1))
        | (Choice << ChoiceShift)
        | (Version << (ChoiceShift + choiceBits))
        | (Code << (ChoiceShift + choiceBits + versionBits));

    internal static Slot Expand(int squeezed, int choiceBits, int versionBits) =>
        new(
            (squeezed & ((1 << (ChoiceShift + choiceBits)) - 1))
                | ((squeezed >> (ChoiceShift + choiceBits) & ((1 << versionBits) - 1)) << VersionShift)
                | (squeezed >> (ChoiceShift + choiceBits + versionBits) << CodeShift)
        );

    /// <summary>Bits of a squeezed number.</summary>
    internal static int Width(int choiceBits, int versionBits, int codeBits) =>
        ChoiceShift + choiceBits + versionBits + codeBits;
}
