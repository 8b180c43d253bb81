using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A bit for each of so many numbers.</summary>
internal sealed class Bitmap(int count)
{
    private readonly ulong[] _words = new ulong[count / 64 + 1];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int number) => (_words[number >> 6] >> number & 1) != 0;

    /// <summary>As <see cref="Set"/>, where other threads set bits, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetShared(int number) => Interlocked.Or(ref _words[number >> 6], 1UL << number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int number) => _words[number >> 6] |= 1UL << number;
}
