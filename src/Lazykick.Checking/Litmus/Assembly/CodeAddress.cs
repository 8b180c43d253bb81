namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Where the code of a test lies.</summary>
internal static class CodeAddress
{
    /// <summary>The address of the first instruction.</summary>
    internal const long Start = 0x40_0000;

    /// <summary>The address of an instruction, by its index in the code.</summary>
    internal static long Of(int index) => Start + (4L * index);
}
