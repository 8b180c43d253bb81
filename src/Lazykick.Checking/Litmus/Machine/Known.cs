using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>A value and how far it is known.</summary>
internal readonly record struct Known(Knowledge Level, long Value)
{
    internal static readonly Known Unknown;

    internal static Known Final(long value) => new(Knowledge.Final, value);

    internal bool IsKnown => Level != Knowledge.Unknown;

    internal Known Cap(Knowledge level) => this with { Level = Level < level ? Level : level };
}
