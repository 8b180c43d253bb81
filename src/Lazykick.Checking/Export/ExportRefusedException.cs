namespace Lazykick.Checking.Export;

/// <summary>What was asked for cannot be exported.</summary>
internal sealed class ExportRefusedException(string message, string hint) : Exception(message)
{
    /// <summary>What to do instead.</summary>
    public string Hint { get; } = hint;
}
