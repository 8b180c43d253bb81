using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus;

/// <summary>What a state keeps of an instruction in flight, in one number; the value that it read is a second one.</summary>
internal readonly record struct Slot(int Bits)
{
    // progress 2 | overwritten 1 | address seen 1 | choice 6 | version 3 | code index
    internal const int CodeShift = 13;
    internal const int Unchosen = 0, Wild = 62, Settled = 63, MaxTargets = 61;

    internal Progress Progress => (Progress)(Bits & 3);

    internal bool Overwritten => (Bits & 4) != 0;

    internal bool AddressSeen => (Bits & 8) != 0;

    /// <summary>What was guessed when it was issued: a direction, a target, success of a store-exclusive.</summary>
    internal int Choice => (Bits >> 4) & 63;

    internal int Version => (Bits >> 10) & 7;

    internal int Code => Bits >> CodeShift;

    internal static Slot Issue(int code, int version) => new((code << CodeShift) | (version << 10));

    internal Slot With(Progress progress) => new((Bits & ~3) | (int)progress);

    internal Slot WithOverwritten(bool value) => new((Bits & ~4) | (value ? 4 : 0));

    internal Slot WithAddressSeen() => new(Bits | 8);

    internal Slot WithChoice(int choice) => new((Bits & ~(63 << 4)) | (choice << 4));
}
