namespace Lazykick.Checking.Litmus;

/// <summary>More different values than the layout has room for; the search begins again with more.</summary>
internal sealed class ValueLimitException : Exception;
