//! Elements that the transactions answer: requests for what is not there.

pub const QUERY: &str = "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
    xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
    returnComposedObjects='true' returnType='ObjectRef'/><r:AdhocQuery \
    id='urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4' home='urn:oid:HOME'><r:Slot \
    name='$XDSDocumentEntryUniqueId'><r:ValueList><r:Value>('2.25.404')</r:Value></r:ValueList>\
    </r:Slot></r:AdhocQuery></q:AdhocQueryRequest>";
pub const RETRIEVE: &str = "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
    <x:DocumentRequest><x:HomeCommunityId>urn:oid:HOME</x:HomeCommunityId>\
    <x:RepositoryUniqueId>2.25.404</x:RepositoryUniqueId>\
    <x:DocumentUniqueId>2.25.404.1</x:DocumentUniqueId></x:DocumentRequest>\
    </x:RetrieveDocumentSetRequest>";
pub const SUBMIT: &str = "<l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:RegistryObjectList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/>\
    </l:SubmitObjectsRequest>";
pub const PROVIDE: &str = "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
    <l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:RegistryObjectList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/>\
    </l:SubmitObjectsRequest><x:Document id='D'>YQ==</x:Document>\
    </x:ProvideAndRegisterDocumentSetRequest>";
pub const REMOVE: &str = "<l:RemoveObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:ObjectRefList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><r:ObjectRef \
    id='urn:uuid:00000000-0000-4000-8000-000000000404'/></r:ObjectRefList></l:RemoveObjectsRequest>";
pub const REMOVE_CONTENT: &str = "<m:RemoveDocumentsRequest xmlns:m='urn:ihe:iti:rmd:2017' \
    xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
    <x:RepositoryUniqueId>2.25.404</x:RepositoryUniqueId>\
    <x:DocumentUniqueId>2.25.404.1</x:DocumentUniqueId></x:DocumentRequest>\
    </m:RemoveDocumentsRequest>";
