namespace Lazykick.Checking.Compilation;

/// <summary>
/// Which properties an access in flight violates if it turns out to happen: a bit for each property that marks
/// accesses, beside the bits that moves have for all properties.
/// </summary>
internal sealed class AccessMarks(CompiledScheme scheme)
{
    private readonly int[] _properties = [.. scheme.Properties.Where(p => p.MarksAccesses).Select(p => p.Index)];

    /// <summary>The marks of all properties together.</summary>
    public int All => (1 << _properties.Length) - 1;

    /// <summary>The marks for what a move violates.</summary>
    public int Of(uint violations)
    {
        var marks = 0;
        for (var i = 0; i < _properties.Length; i++)
            marks |= (int)(violations >> _properties[i] & 1) << i;
        return marks;
    }

    /// <summary>What marks violate.</summary>
    public uint Violations(int marks)
    {
        uint violations = 0;
        for (var i = 0; marks >> i != 0; i++)
            violations |= (uint)(marks >> i & 1) << _properties[i];
        return violations;
    }
}
