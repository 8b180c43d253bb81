using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>A shared word of a test: protected data, a pointer to it.</summary>
internal sealed class SimCell(string name, long value) : Cell(value)
{
    public string Name => name;
}
