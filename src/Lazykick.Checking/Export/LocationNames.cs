using System.Text;

namespace Lazykick.Checking.Export;

/// <summary>Names of variables that a litmus test can have: <c>csd[0,1]</c> is <c>csd_0_1</c> there.</summary>
internal sealed class LocationNames
{
    private static readonly HashSet<string> s_taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "sp",
        "xzr",
        "wzr",
        "pc",
        "nop",
        "instr",
        "exists",
        "forall",
        "locations",
        "filter",
        "fault",
        "not",
        "and",
        "or",
        "true",
        "false",
        "with",
        "rax",
        "rbx",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        "rbp",
        "rsp",
        "rip",
        "eax",
        "ebx",
        "ecx",
        "edx",
        "esi",
        "edi",
        "ebp",
        "esp",
        "int",
        "uint",
        "char",
        "long",
        "volatile",
        "scopes",
        "regions",
    };

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name that a variable has in the test.</summary>
    public string this[string location]
    {
        get
        {
            if (!_names.TryGetValue(location, out var name))
                _names[location] = name = Fresh(location);
            return name;
        }
    }

    /// <summary>Variables that are called otherwise than in the scheme.</summary>
    public IEnumerable<(string Name, string Location)> Changed =>
        _names.Where(n => n.Value != n.Key).Select(n => (n.Value, n.Key));

    private string Fresh(string location)
    {
        var text = new StringBuilder();
        foreach (var c in location)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
                text.Append(c);
            else if (text.Length > 0 && text[^1] != '_')
                text.Append('_');
        }

        var name = text.ToString().Trim('_');
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || IsRegister(name) || s_taken.Contains(name))
            name = "v_" + name;
        var free = name;
        for (var i = 2; _names.ContainsValue(free); i++)
            free = $"{name}_{i}";
        return free;
    }

    /// <summary>A letter and digits: a register of some width, a thread, or a label.</summary>
    private static bool IsRegister(string name) =>
        name.Length is 2 or 3 && char.IsAsciiLetter(name[0]) && name.Skip(1).All(char.IsAsciiDigit);
}
