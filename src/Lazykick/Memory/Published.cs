namespace Lazykick.Memory;

/// <summary>A shared reference; touched through <see cref="ISharedMemory"/> only.</summary>
internal sealed class Published<T>(T value)
    where T : class
{
    public T Value = value;
}
