namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Arm's condition codes, in the order of their encoding. x86's are mapped onto them.</summary>
internal enum Comparison : byte
{
    Eq,
    Ne,
    Cs,
    Cc,
    Mi,
    Pl,
    Vs,
    Vc,
    Hi,
    Ls,
    Ge,
    Lt,
    Gt,
    Le,
    Always,
}
