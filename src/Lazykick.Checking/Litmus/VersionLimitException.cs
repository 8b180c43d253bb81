namespace Lazykick.Checking.Litmus;

/// <summary>More writes to one code location than the layout has room for; the search begins again with more.</summary>
internal sealed class VersionLimitException : Exception;
