namespace Lazykick.Checking.Litmus.Machine;

/// <summary>What turned out to be more than a layout has room for; the search begins again with more.</summary>
internal enum LayoutLimit
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Different values.</summary>
    Values,

    /// <summary>Writes to one code location.</summary>
    Versions,
}
