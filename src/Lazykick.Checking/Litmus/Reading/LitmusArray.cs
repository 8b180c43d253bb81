namespace Lazykick.Checking.Litmus.Reading;

/// <summary>An array of the initial state: each element is a location of its own.</summary>
/// <param name="Name">Its name, which is the address of the first element.</param>
/// <param name="Count">How many elements there are.</param>
/// <param name="Size">Bytes of an element, 4 or 8.</param>
public sealed record LitmusArray(string Name, int Count, int Size)
{
    /// <summary>Most bytes of an array.</summary>
    internal const long MaxBytes = 0x100;

    /// <summary>The name of an element as a location.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <returns>The name, such as <c>x[1]</c>.</returns>
    public string Element(int index) => $"{Name}[{index}]";
}
