namespace Lazykick.Checking.Litmus;

/// <summary>More writes to one code location than the layout has room for; the explorer starts again with more.</summary>
internal sealed class VersionLimitException : Exception;
